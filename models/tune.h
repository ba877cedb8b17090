#ifndef TUNE_H
#define TUNE_H
#include <stdlib.h>
#define TUNE(name, def) ({ static double v_; static int s_; if (!s_) { const char *t_ = getenv("T_" #name); v_ = t_ ? atof(t_) : (def); s_ = 1; } v_; })
#endif
