#include <stdio.h>

int main(void)
{
    fputs("usage: advisor COMMAND [OPTION...]\n", stderr);
    return 2;
}
