#include <ctype.h>
#include <string.h>

#include "spark_state.h"

/* A word counts from the start of a word only: "train" is in "constraint" too. */
static bool has_word(const char *text, size_t length, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text, *end = text + length; (size_t)(end - p) >= n; p++) {
        p = memchr(p, word[0], (size_t)(end - p) - n + 1);
        if (!p)
            return false;
        if ((p == text || !isalpha((unsigned char)p[-1])) && !memcmp(p, word, n))
            return true;
    }
    return false;
}

unsigned spark_hints_in(const char *text, size_t length)
{
    static const struct {
        const char *word;
        unsigned hint;
    } words[] = {
        {"org.apache.spark.ml.", SPARK_HINT_TRAINING},
        {"org.apache.spark.mllib.", SPARK_HINT_TRAINING},
        {"mllib", SPARK_HINT_TRAINING},
        {"xgboost", SPARK_HINT_TRAINING},
        {"lightgbm", SPARK_HINT_TRAINING},
        {"torch", SPARK_HINT_TRAINING},
        {"tensorflow", SPARK_HINT_TRAINING},
        {"fit(", SPARK_HINT_TRAINING},
        {"fit at", SPARK_HINT_TRAINING},
        {"train", SPARK_HINT_TRAINING},
        {"Train", SPARK_HINT_TRAINING},
        {"org.apache.spark.sql.hive.thriftserver", SPARK_HINT_SERVING},
        {"org.apache.spark.sql.execution.streaming", SPARK_HINT_STREAM},
    };
    unsigned hints = 0;
    for (size_t i = 0; length && i < sizeof words / sizeof *words; i++)
        if (!(hints & words[i].hint) && has_word(text, length, words[i].word))
            hints |= words[i].hint;
    return hints;
}

unsigned spark_hints_of_node(struct json_span name)
{
    enum { ANYWHERE, FRONT };
    static const struct {
        const char *part;
        int where;
        unsigned hint;
    } parts[] = {
        {"Scan ExistingRDD", FRONT, 0}, /* the first match decides: this is no read */
        {"Scan OneRowRelation", FRONT, 0},
        {"InMemoryTableScan", ANYWHERE, 0},
        {"LocalTableScan", ANYWHERE, 0},
        {"Scan", ANYWHERE, SPARK_HINT_SCAN},
        {"StreamingRelation", ANYWHERE, SPARK_HINT_SCAN},
        {"InsertInto", ANYWHERE, SPARK_HINT_WRITE},
        {"SaveIntoDataSource", ANYWHERE, SPARK_HINT_WRITE},
        {"AppendData", ANYWHERE, SPARK_HINT_WRITE},
        {"Overwrite", ANYWHERE, SPARK_HINT_WRITE},
        {"WriteFiles", ANYWHERE, SPARK_HINT_WRITE},
        {"WriteToDataSource", ANYWHERE, SPARK_HINT_WRITE},
        {"AsSelect", ANYWHERE, SPARK_HINT_WRITE},
        {"MergeInto", ANYWHERE, SPARK_HINT_WRITE | SPARK_HINT_SHUFFLE},
        {"Join", ANYWHERE, SPARK_HINT_SHUFFLE},
        {"Aggregate", ANYWHERE, SPARK_HINT_SHUFFLE},
        {"Sort", ANYWHERE, SPARK_HINT_SHUFFLE},
        {"Exchange", ANYWHERE, SPARK_HINT_SHUFFLE},
        {"Window", ANYWHERE, SPARK_HINT_SHUFFLE},
    };
    unsigned hints = 0;
    if (name.length >= 6 && !memcmp(name.at, "Photon", 6))
        hints |= SPARK_HINT_OUTSIDE_JVM;
    if (name.length >= 3 && !memcmp(name.at, "Gpu", 3))
        hints |= SPARK_HINT_GPU;
    if (memmem(name.at, name.length, "Python", 6) || memmem(name.at, name.length, "Pandas", 6))
        hints |= SPARK_HINT_OUTSIDE_JVM;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = strlen(parts[i].part);
        bool here = parts[i].where == FRONT
                        ? name.length >= n && !memcmp(name.at, parts[i].part, n)
                        : memmem(name.at, name.length, parts[i].part, n) != NULL;
        if (here)
            return hints | parts[i].hint;
    }
    return hints;
}
