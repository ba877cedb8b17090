#ifndef RECOMMEND_COMBINE_H
#define RECOMMEND_COMBINE_H

#include "recommend/recommend.h"

/* Sets `restart` and `way_back`: what a step asks for, and what undoes it. */
void find_way_back(struct recommendation *r);

#endif
