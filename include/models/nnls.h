#ifndef MODELS_NNLS_H
#define MODELS_NNLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Least squares with coefficients that may not be negative: times, bytes and
 * rates never are, and a fit that could make them so would extrapolate wildly.
 * Active set method of Lawson and Hanson, "Solving Least Squares Problems"
 * (1974), chapter 23.
 */

/*
 * x[columns] >= 0 that brings `a` (rows x columns, row by row) closest to `b`.
 * Each step solves its least squares problem by QR, so that nearly dependent
 * columns keep their digits. Fails on numbers that are not finite.
 */
bool nnls_solve(double *x, const double *a, const double *b, size_t rows, size_t columns,
                struct err *err);

enum { NNLS_GRAM_MAX = 8 };

/*
 * The same from the normal equations, for a few well scaled columns and many
 * solves: gram = A'A (n x n, both triangles), moment = A'b, n <= NNLS_GRAM_MAX.
 * x is where to start from, none below 0: the answer of a like problem, or zeros.
 */
void nnls_solve_gram(double *x, const double *gram, const double *moment, size_t n);

#endif
