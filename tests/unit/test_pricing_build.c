#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "io/files.h"
#include "pricing/book.h"
#include "pricing/check.h"

struct folder {
    char path[64], file[96];
};

/* A folder with one price file of that text. */
static void make_folder(struct folder *folder, const char *text)
{
    struct err err = ERR_INIT;
    strcpy(folder->path, "/tmp/advisor-prices-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    strcpy(folder->file, folder->path);
    strcat(folder->file, "/a.prices");
    assert_true(files_write(folder->file, text, strlen(text), &err));
}

static void remove_folder(const struct folder *folder)
{
    unlink(folder->file);
    rmdir(folder->path);
}

static void assert_refused(const char *text, const char *because)
{
    struct folder folder;
    struct book *book = NULL;
    struct err err = ERR_INIT;
    make_folder(&folder, text);
    bool ok = book_open(&book, &(struct book_options){.folder = folder.path}, &err);
    remove_folder(&folder);
    if (ok)
        fail_msg("accepted: %s", text);
    if (!strstr(err.text, because))
        fail_msg("'%s' does not say '%s'", err.text, because);
}

#define FRONT                                                                                 \
    "@service ec2\n@source mine 2026-07-01\n@item instance usd_per_hour instance_type os\n"

static void lines_that_are_wrong_are_refused_with_their_place(void **state)
{
    (void)state;
    assert_refused(FRONT "m6i.large linux eu-west-1=x\n", "a.prices:4:27: not a number");
    assert_refused(FRONT "m6i.large linux eu-west-1\n", "a.prices:4:17: expected REGION");
    assert_refused(FRONT "m6i.large linux eu-west-1=-2\n", "a.prices:4:27:");
    assert_refused(FRONT "m6i.large linux eu-west-1=1@0;2@0\n", "tiers must rise");
    assert_refused(FRONT "m6i.large linux eu-west-1=end@4\n", "expected 1 to 12 tiers");
    assert_refused(FRONT "  eu-west-1=1\n", "goes on with a row that is not there");
    assert_refused(FRONT "m6i.large linux a=1 a=2\n", "has a price already");
    assert_refused("m6i.large linux a=1\n", "@item or @table must come before");
    assert_refused("@item a usd\n", "@service and @source must come before");
    assert_refused("@source a\n", "expected '@source ID DATE'");
    assert_refused("@table a b\nc d\n", "the row has 2 of the 1 columns");
    assert_refused("@table a b\nc\nc\n", "c is in the table a already");
    assert_refused("@table instances instance_type vcpus\nm6i.large many\n",
                   "'many' cannot be the vcpus");
}

static void a_folder_comes_before_the_book_and_leaves_the_rest(void **state)
{
    (void)state;
    struct folder folder;
    struct book *book = NULL;
    struct err err = ERR_INIT;
    make_folder(&folder,
                FRONT "m6i.large linux eu-west-1=0.09\nnew.large linux *=1@0;0.5@10\n");
    bool ok = book_open(&book, &(struct book_options){.folder = folder.path}, &err);
    remove_folder(&folder);
    assert_true(ok);
    struct price price;
    struct price_key key = {"ec2", "instance", "instance_type=m6i.large;os=linux",
                            "eu-west-1"};
    assert_true(book_price(&price, book, &key));
    assert_int_equal(price.origin, PRICE_FOLDER);
    assert_int_equal(money_cmp(price.usd, money_of(0.09)), 0);
    key.region = "eu-west-2";
    assert_true(book_price(&price, book, &key));
    assert_int_equal(price.origin, PRICE_EMBEDDED);
    key.attributes = "instance_type=new.large;os=linux";
    assert_true(book_price(&price, book, &key));
    assert_true(price.tier_to == 10);
    assert_non_null(strchr(book_version(book), '+'));
    book_free(book);
}

static void ignore(void *context, const char *sentence)
{
    (void)context, (void)sentence;
}

/* No text makes the reader fall over: every cut and many damaged copies of a good one. */
static void damaged_text_is_refused_or_read_but_never_harmful(void **state)
{
    (void)state;
    static const char good[] =
        FRONT "m6i.large linux eu-west-1,eu-west-2=0.1@0;0.05@10;end@20 us-east-1=1\n"
              "  us-west-2=2\n@table colours key shade\nred \"very dark\"\n";
    char text[sizeof good];
    struct price_check check;
    for (size_t i = 0; i < 400; i++) {
        memcpy(text, good, sizeof good);
        text[(i * 7919) % (sizeof good - 1)] = "\n@=;,\"- x\x01"[i % 10];
        if (i % 3 == 0)
            text[(i * 104729) % (sizeof good - 1)] = '\0';
        struct folder folder;
        make_folder(&folder, text);
        price_folder_check(&check, folder.path, 0, ignore, NULL, NULL);
        remove_folder(&folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_wrong_are_refused_with_their_place),
        cmocka_unit_test(a_folder_comes_before_the_book_and_leaves_the_rest),
        cmocka_unit_test(damaged_text_is_refused_or_read_but_never_harmful),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
