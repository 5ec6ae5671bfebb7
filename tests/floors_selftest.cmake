# Proves that floors.cmake can fail: each row is a made-up tree of one or two files with the
# complaint that it must bring. Run: cmake -D WORK=<scratch folder> -P floors_selftest.cmake
cmake_minimum_required(VERSION 3.25)

set(failures "")

# row(<what must hold> <complaint, as a regular expression; empty for none> <path> <text> …)
function(row name complaint)
  file(REMOVE_RECURSE ${WORK})
  set(files ${ARGN})
  while(files)
    list(POP_FRONT files path text)
    file(WRITE ${WORK}/${path} "${text}\n")
  endwhile()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -D ROOT=${WORK} -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/floors.cmake
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(complaint STREQUAL "" AND NOT status EQUAL 0)
    list(APPEND failures "${name}: complained without cause: ${output}")
  elseif(NOT complaint STREQUAL "" AND status EQUAL 0)
    list(APPEND failures "${name}: not noticed")
  elseif(NOT complaint STREQUAL "" AND NOT output MATCHES "${complaint}")
    list(APPEND failures "${name}: noticed, but said: ${output}")
  endif()
  set(failures "${failures}" PARENT_SCOPE)
endfunction()

row("own headers, lower floors and the façade are open" ""
    engine/decide/evaluate.c "#include \"decide/slots.h\"\n#include \"cel/vm.h\"\n#include \"heng/store.h\"\n#include <stdio.h>")
row("a lower floor does not see a higher one" "engine/base/arena.c: `base` may not include `cel/vm.h`"
    engine/base/arena.c "#include \"cel/vm.h\"")
row("model and cel do not know each other" "engine/cel/vm.c: `cel` may not include `model/record.h`"
    engine/cel/vm.c "#include \"model/record.h\"")
row("cel and model do not know each other" "engine/model/record.c: `model` may not include `cel/vm.h`"
    engine/model/record.c "#include \"cel/vm.h\"")
row("ruleset does not know the store" "engine/ruleset/rule.c: `ruleset` may not include `store/txn.h`"
    engine/ruleset/rule.c "#include \"store/txn.h\"")
row("the store does not know rules" "engine/store/txn.c: `store` may not include `ruleset/rule.h`"
    engine/store/txn.c "  #  include \"ruleset/rule.h\"")
row("decide is pure and sees no store" "engine/decide/slots.c: `decide` may not include `store/txn.h`"
    engine/decide/slots.c "#include \"store/txn.h\"")
row("a public header stays public" "include/heng/rule.h: a public header may not include `ruleset/rule.h`"
    include/heng/rule.h "#include \"ruleset/rule.h\"")
row("headers are included by folder" "engine/base/arena.c: include `limits.h` by its folder"
    engine/base/arena.c "#include \"limits.h\"")
row("a module is one of those known" "engine/extra/thing.c: lies in no known module"
    engine/extra/thing.c "int x;")

row("LMDB is the store's alone" "engine/batch/scan.c: may not include `lmdb.h`"
    engine/batch/scan.c "#include <lmdb.h>")
row("the store may see LMDB" "" engine/store/store.c "#include <lmdb.h>")
row("libyaml is seen by yaml.c only" "engine/ruleset/loader.c: may not include `yaml.h`"
    engine/ruleset/loader.c "#include <yaml.h>")
row("PCRE2 is seen by regex.c only" "engine/cel/fn_string.c: may not include `pcre2.h`"
    engine/cel/fn_string.c "#include <pcre2.h>")
row("sockets are for serve" "engine/cli/main.c: may not include `sys/socket.h`"
    engine/cli/main.c "#include <sys/socket.h>")
row("a library is no way into a public header" "include/heng/store.h: may not include `lmdb.h`"
    include/heng/store.h "#include <lmdb.h>")

row("library code does not print" "engine/report/format.c: may not use `printf`"
    engine/report/format.c "void f(void) {\n    (void)printf(\"[\");\n    g(\"]\");\n}")
row("standard output is for cli" "engine/report/format.c: may not use `stdout`"
    engine/report/format.c "void f(void) { fputs(\"x\", stdout); }")
row("cli prints and exits" "" engine/cli/main.c "int main(void) { printf(\"x\"); exit(0); }")
row("library code does not exit" "engine/store/txn.c: may not use `abort`"
    engine/store/txn.c "void f(void) { abort(); }")
row("library code reads no clock" "engine/decide/horizon.c: may not use `time`"
    engine/decide/horizon.c "void f(void) { g(time(NULL)); }")
row("memory comes through base/alloc" "engine/cel/ast.c: may not use `malloc`"
    engine/cel/ast.c "void *f(void) { return malloc(1); }")
row("base/alloc may call malloc" "" engine/base/alloc.c "void *f(void) { return malloc(1); }")
row("unsafe calls are banned everywhere" "engine/cli/main.c: may not use `strcpy`"
    engine/cli/main.c "void f(char *a) { strcpy(a, \"b\"); }")
row("words, members and longer names are no calls" ""
    engine/cel/vm.c "/* printf(x) */\nvoid f(void) {\n    heng_time(a.exit(1), \"abort()\"); /* time() */\n    int time = snprintf(b, n, \"\");\n}\n * malloc(1)")

row("cmocka is included by check.h only" "tests/cel/test_vm.c: may not include `cmocka.h`"
    tests/cel/test_vm.c "#include <cmocka.h>" tests/support/check.h "#include <cmocka.h>")
row("check.h may include cmocka" "" tests/support/check.h "#include <cmocka.h>")

row("a stem names one file" "engine/cel/value.c: the stem `value` is taken by engine/base/"
    engine/base/value.c "int a;" engine/cel/value.c "int b;")
row("a source and its header share a stem" "" engine/base/value.c "int a;" engine/base/value.h "int b;")

file(REMOVE_RECURSE ${WORK})
if(failures)
  list(JOIN failures "\n  " text)
  message(FATAL_ERROR "floors.cmake misjudges:\n  ${text}")
endif()
