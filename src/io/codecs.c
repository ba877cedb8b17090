#include "stream_source.h"

const struct codec *const codecs[] = {
    &codec_gzip,
    &codec_zip,
    &codec_zstd,
    &codec_lz4,
    &codec_snappy,
    &codec_lzf,
    NULL,
};
