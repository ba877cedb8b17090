#include "pricing/check.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/near.h"
#include "book_folder.h"
#include "book_parts.h"
#include "embedded.h"

struct checking {
    struct price_check *out;
    price_problem *problem;
    void *context;
};

static void tell(struct checking *c, const char *sentence)
{
    c->out->problems++;
    c->problem(c->context, sentence);
}

static bool note(void *context, const struct err *problem)
{
    tell(context, problem->text);
    return true;
}

static void check_regions(struct checking *c, const struct image *image)
{
    const struct image *known = embedded_book();
    const uint32_t *regions = image_at(image, image->regions);
    const uint32_t *others = image_at(known, known->regions);
    for (size_t i = 0; i < image->regions.count; i++) {
        struct near near = {.word = image_text(image, regions[i]), .distance = SIZE_MAX};
        for (size_t k = 0; k < known->regions.count; k++)
            near_try(&near, image_text(known, others[k]));
        if (near.best && !near.distance)
            continue;
        struct buf sentence = BUF_INIT;
        buf_printf(&sentence, "there is no region '%s'", near.word);
        if (near.best)
            buf_printf(&sentence, "; the nearest is '%s'", near.best);
        tell(c, buf_text(&sentence));
        buf_release(&sentence);
    }
}

static void check_dates(struct checking *c, const struct image *image, day today)
{
    const struct image_origin *origins = image_at(image, image->origins);
    for (size_t i = 0; i < image->origins.count; i++) {
        day date = origins[i].date;
        if (!date || (date >= day_of(2006, 1, 1) && (!today || date <= today)))
            continue;
        char text[DAY_TEXT];
        struct buf sentence = BUF_INIT;
        buf_printf(&sentence, "prices of the source %s are dated %s, which cannot be",
                   image_text(image, origins[i].source), day_format(text, date));
        tell(c, buf_text(&sentence));
        buf_release(&sentence);
    }
}

bool price_folder_check(struct price_check *out, const char *folder, day today,
                        price_problem *problem, void *context, struct err *err)
{
    struct checking c = {out, problem, context};
    struct image *image = NULL;
    struct err own = ERR_INIT;
    err = err ? err : &own; /* problems travel in it */
    *out = (struct price_check){.problems = 0};
    if (!book_folder_read(&image, folder, note, &c, err))
        return false;
    out->prices = image->cells.count;
    out->tables = image->tables.count + (image->types.count > 0);
    out->first = image->first;
    out->last = image->last;
    check_regions(&c, image);
    check_dates(&c, image, today);
    free(image);
    return true;
}
