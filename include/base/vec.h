#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

/*
 * A growing array of any type: `VEC(struct phase) phases = {0};`. Elements are
 * at v.at[0 .. v.count-1]; pointers into it are good until the next push.
 */
#define VEC(type)                                                                             \
    struct {                                                                                  \
        type *at;                                                                             \
        size_t count, room;                                                                   \
    }

/* Appends a zeroed element and yields its address. */
#define VEC_PUSH(v)                                                                           \
    ((v)->at = vec_grow((v)->at, &(v)->room, (v)->count + 1, sizeof *(v)->at),                \
     vec_zero(&(v)->at[(v)->count], sizeof *(v)->at), &(v)->at[(v)->count++])

#define VEC_ADD(v, value) ((void)(*VEC_PUSH(v) = (value)))
#define VEC_FREE(v) (vec_free((v)->at), (v)->at = NULL, (v)->count = (v)->room = 0)

/* Both by a function such as qsort() takes; of neighbours that are equal the first stays. */
#define VEC_SORT(v, order) vec_sort((v)->at, (v)->count, sizeof *(v)->at, (order))
#define VEC_UNIQUE(v, order)                                                                  \
    ((v)->count = vec_unique((v)->at, (v)->count, sizeof *(v)->at, (order)))

void *vec_grow(void *at, size_t *room, size_t needed, size_t size);
void vec_zero(void *at, size_t size);
void vec_free(void *at);
void vec_sort(void *at, size_t count, size_t size, int (*order)(const void *, const void *));
size_t vec_unique(void *at, size_t count, size_t size,
                  int (*order)(const void *, const void *)); /* how many stay */
/* An order of indexes, ascending. */
int order_uint32(const void *a, const void *b);

#endif
