/* SPDX-License-Identifier: Apache-2.0 */
/* test_lexer.c: what literals mean, token by token. What is wrong is in test_parser.c.
 */
#include "cel/front.h"

#include "cel/lexer.h"

/* `want`: the value as printed, or the bytes of a text between bars. */
static struct front_row literals[] = {
    {"a decimal number", "42", "42"},
    {"a number with zeros before it", "007", "7"},
    {"a hexadecimal number", "0xFf", "255"},
    {"an uint", "7u", "7u"},
    {"an uint with a large U", "7U", "7u"},
    {"a hexadecimal uint", "0xFFu", "255u"},
    {"the largest uint", "18446744073709551615u", "18446744073709551615u"},
    {"a double", "1.5", "1.5"},
    {"a double without digits before the point", ".5", "0.5"},
    {"an exponent", "1e3", "1000.0"},
    {"a signed exponent", "25E-1", "2.5"},
    {"a point and an exponent", "1.5e+2", "150.0"},
    {"a double that is too small is 0", "1e-400", "0.0"},
    {"a text", "'abc'", "|abc|"},
    {"a text in double quotes", "\"a'c\"", "|a'c|"},
    {"an empty text", "''", "||"},
    {"a text in three quotes", "'''a'b''c'''", "|a'b''c|"},
    {"a text over lines", "\"\"\"a\nb\"\"\"", "|a\nb|"},
    {"a line end of another system", "'''a\r\nb\rc'''", "|a\nb\nc|"},
    {"and in a raw text", "r'''a\r\nb'''", "|a\nb|"},
    {"escapes by a letter", "'\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\\"\\'\\`'",
     "|\a\b\f\n\r\t\v\\?\"'`|"},
    {"escapes of code points", "'\\x41\\X42\\u4e2d\\U0001F431\\101'", "|AB中🐱A|"},
    {"a byte of a text is a code point", "'\\xff\\377'", "|ÿÿ|"},
    {"a byte of bytes is a byte", "b'\\xff\\377\\x41'", "b\"\\xff\\xffA\""},
    {"bytes of a character", "b'中'", "b\"中\""},
    {"a raw text", "r'a\\n\\'", "|a\\n\\|"},
    {"a raw text with a large R", "R\"\\\"", "|\\|"},
    {"raw bytes", "bR'\\x'", "b\"\\\\x\""},
    {"an escaped quote does not end a text", "'a\\'b'", "|a'b|"},
    {"nor three", "'''a\\'''b'''", "|a'''b|"},
    {"true", "true", "true"},
    {"null", "null", "null"},
};

static void check_literal(void **state) {
    const struct front_row *row = *state;
    struct front front;
    char got[128];
    front_init(&front);
    assert_int_equal(front_run(&front, heng_str_of(row->expression), FRONT_PARSE),
                     HENG_OK);
    heng_cel_value value = front.ast.root->value;
    assert_int_equal(front.ast.root->kind, HENG_CEL_NODE_LITERAL);
    if (value.kind == HENG_CEL_STRING) {
        (void)snprintf(got, sizeof got, "|%.*s|", (int)value.len, value.as.bytes);
    } else {
        (void)snprintf(got, sizeof got, "%s", heng_cel_value_print(value, front.arena));
    }
    assert_string_equal(got, row->want);
    front_done(&front);
}

static struct front_row lines[] = {
    {"names and signs", "a_1.b2 && !c", "IDENT DOT IDENT AND NOT IDENT "},
    {"all operators", "|| == != < <= > >= + - * / % ? : , ( ) [ ] { }",
     "OR EQ NE LT LE GT GE PLUS MINUS STAR SLASH PERCENT QUESTION COLON COMMA "
     "PAREN_OPEN PAREN_CLOSE BRACKET_OPEN BRACKET_CLOSE BRACE_OPEN BRACE_CLOSE "},
    {"operators without blanks", "a<=b!=-c", "IDENT LE IDENT NE MINUS IDENT "},
    {"words that begin like others", "inn in truex forx for",
     "IDENT IN IDENT IDENT RESERVED "},
    {"prefixes that are names", "b r br rb b'' rb''",
     "IDENT IDENT IDENT IDENT VALUE IDENT VALUE "},
    {"a name in backticks", "a.`b c`", "IDENT DOT ESCAPED "},
    {"numbers next to names", "1.e5 1e 0x 1.5.f 1..2",
     "INT DOT IDENT INT IDENT INT IDENT VALUE DOT IDENT INT DOT VALUE "},
    {"comments", "a // b \" `\n// c\n + d//", "IDENT PLUS IDENT "},
    {"nothing", " \t// nothing", ""},
};

static const char *const TOKEN_NAMES[] = {
#define X(constant) #constant,
    HENG_CEL_TOKEN_MAP(X)
#undef X
};

static void check_line(void **state) {
    const struct front_row *row = *state;
    heng_buffer got;
    heng_arena *arena = heng_arena_new(1 << 16);
    heng_diags *diags = heng_diags_new();
    heng_str text = heng_str_of(row->expression);
    heng_cel_report report = {.diags = diags, .len = text.len};
    heng_cel_lexer lexer = {.text = text, .arena = arena, .report = &report};
    heng_buffer_init(&got, 1000);
    heng_cel_token token = heng_cel_lexer_next(&lexer);
    uint32_t last = 0;
    for (; token.kind != HENG_CEL_TOKEN_END; token = heng_cel_lexer_next(&lexer)) {
        assert_true(token.start >= last && token.len > 0);
        last = token.start + token.len;
        (void)heng_buffer_add_format(&got, "%s ", TOKEN_NAMES[token.kind]);
    }
    assert_int_equal(token.start, text.len);
    assert_int_equal(report.errors, 0);
    assert_string_equal(heng_buffer_view(&got).ptr, row->want);
    heng_buffer_done(&got);
    heng_diags_free(diags);
    heng_arena_free(arena);
}

int main(void) {
    struct CMUnitTest tests[COUNT(literals) + COUNT(lines)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(literals); i++) {
        tests[count++] = ROW_TEST(&literals[i], check_literal);
    }
    for (size_t i = 0; i < COUNT(lines); i++) {
        tests[count++] = ROW_TEST(&lines[i], check_line);
    }
    return check_run("lexer", tests, count, NULL, NULL);
}
