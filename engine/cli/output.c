/* SPDX-License-Identifier: Apache-2.0 */
/* output.c: standard output and standard error. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "model/identity.h"

/* LMDB reads its file as memory: what a damaged page points at, and what a failing disk
 * cannot give, comes as a signal in the midst of some library. Nothing can go on from
 * there, and nothing but write() may be called. */
static void tell_damage(int number) {
    static const char TEXT[] =
        "heng: a page of the store cannot be read: the store is damaged, or its disk "
        "fails; run `heng store verify` and restore a backup\n";
    (void)number;
    ssize_t ignored = write(STDERR_FILENO, TEXT, sizeof TEXT - 1);
    (void)ignored;
    _exit(HENG_EXIT_FAILED);
}

void heng_output_prepare(void) {
    /* Were descriptor 1 closed, the next file opened would become it, and an answer
     * would be written into the store. What stands in for it refuses to be written. */
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL); /* a file over `ulimit -f` is an error */
    struct sigaction damage = {.sa_handler = tell_damage};
    (void)sigaction(SIGBUS, &damage, NULL);
}

void heng_output_write(heng_str text) {
    if (text.len > 0 && !ferror(stdout))
        (void)fwrite(text.ptr, 1, text.len, stdout);
}

bool heng_output_finish(void) {
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) != 0 || failed) {
        int cause = errno;
        (void)heng_output_fail(
            "cannot write to standard output: %s; the answer is not complete",
            cause == 0 ? "writing failed" : strerror(cause));
        return false;
    }
    return true;
}

bool heng_output_is_terminal(int descriptor) {
    return isatty(descriptor) == 1;
}

size_t heng_output_width(void) {
    enum { USUAL = 80, LEAST = 40, MOST = 400 };
    struct winsize size = {0};
    if (!heng_output_is_terminal(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL;
    return size.ws_col < LEAST ? LEAST : size.ws_col > MOST ? MOST : size.ws_col;
}

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Arguments and names of files come from people. Only what is an identity number by its
 * form is masked: long runs of digits in a path must stay readable. */
static void mask_numbers(char *text, size_t len) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    for (size_t at = 0; at < len;) {
        size_t start = at;
        while (at < len && is_word(text[at]))
            at++;
        heng_str run = {text + start, at - start};
        if (run.len == 0)
            at++;
        else if (heng_identity_form_of(run) == HENG_IDENTITY_NUMBER)
            memcpy(text + start, masked, heng_identity_mask(run, masked));
    }
}

/* Control characters could steer the terminal. */
static void print_line(const char *head, const char *format, va_list args)
    HENG_PRINTF(2, 0);

static void print_line(const char *head, const char *format, va_list args) {
    enum { LINE_BYTES = 4096 };
    char line[LINE_BYTES];
    int len = vsnprintf(line, sizeof line, format, args);
    if (len < 0)
        line[0] = '\0';
    size_t shown = strlen(line);
    mask_numbers(line, shown);
    for (size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)line[i];
        if ((byte < 0x20 && byte != '\n') || byte == 0x7F)
            line[i] = '?';
    }
    (void)fprintf(stderr, "%s%s\n", head, line);
}

int heng_output_fail(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("heng: ", format, args);
    va_end(args);
    return HENG_EXIT_FAILED;
}

int heng_output_error(const heng_error *error) {
    char text[HENG_ERROR_PLACE_BYTES + HENG_ERROR_TEXT_BYTES + 64];
    (void)heng_error_format(error, text, sizeof text);
    (void)heng_output_fail("%s", text);
    return error->status == HENG_ERR_RULESET ? HENG_EXIT_RULESET : HENG_EXIT_FAILED;
}

int heng_output_usage(const heng_command *command, const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("heng: ", format, args);
    va_end(args);
    if (command == NULL)
        (void)fputs("see `heng --help`\n", stderr);
    else
        (void)fprintf(stderr, "see `heng %s --help`\n", command->name);
    return HENG_EXIT_FAILED;
}

void heng_output_line(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("", format, args);
    va_end(args);
}

void heng_output_note(const heng_cli *cli, const char *format, ...) {
    if (cli->quiet)
        return;
    va_list args;
    va_start(args, format);
    print_line("", format, args);
    va_end(args);
}

void heng_output_err(heng_str text) {
    if (text.len > 0)
        (void)fwrite(text.ptr, 1, text.len, stderr);
}

void heng_output_err_piece(void *context, const char *text, size_t len) {
    (void)context;
    heng_output_err((heng_str){text, len});
}
