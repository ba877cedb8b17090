#ifndef UNIT_ADVICE_SCENE_H
#define UNIT_ADVICE_SCENE_H

#include <string.h>

#include "pricing/book.h"
#include "recommend/recommend.h"

/* An empty estate with the built-in prices, and what a recommender says of it once it is filled. */
struct scene {
    struct estate *estate;
    struct book *book;
    struct recommend_options options;
    struct advice advice;
};

static inline int set_up(void **state)
{
    static struct scene scene;
    scene = (struct scene){.estate = estate_open(), .options = recommend_defaults()};
    *state = &scene;
    return book_open(&scene.book, NULL, NULL) ? 0 : 1;
}

static inline int tear_down(void **state)
{
    struct scene *s = *state;
    advice_release(&s->advice);
    estate_free(s->estate);
    book_free(s->book);
    return 0;
}

static inline void ask(struct scene *s, const struct recommender *recommender)
{
    estate_index(s->estate);
    advice_init(&s->advice, s->estate);
    struct recommend_input in = {s->estate, s->book, &s->options};
    assert_true(recommender->run(&s->advice, &in, NULL));
}

static inline const struct recommendation *find(const struct scene *s, const char *kind)
{
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        if (strcmp(s->advice.recommendations.at[i].kind, kind) == 0)
            return &s->advice.recommendations.at[i];
    return NULL;
}

/* Why nothing of the kind is advised. */
static inline const char *declined(const struct scene *s, const char *kind)
{
    for (size_t i = 0; i < s->advice.declined.count; i++)
        if (strcmp(s->advice.declined.at[i].kind, kind) == 0)
            return s->advice.declined.at[i].reason;
    fail_msg("%s was not declined", kind);
    return "";
}

static inline void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' does not say '%s'", text, part);
}

#endif
