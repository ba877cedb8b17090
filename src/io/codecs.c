#include "stream_source.h"

const struct codec *const codecs[] = {
    &codec_gzip,
    NULL,
};
