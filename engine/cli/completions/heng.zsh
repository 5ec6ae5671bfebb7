#compdef heng
# zsh completion for heng. SPDX-License-Identifier: Apache-2.0
_heng() {
    local -a commands common asof
    local command
    commands=(
        'check:verdict on one subject'
        'explain:why and why not'
        'find:subjects, matters, measures and rules'
        'import:data into the store'
        'batch:decide all subjects'
        'store:counts, check or copy of the store'
        'test:run the cases beside the rules'
        'diff:two rulesets compared'
        'eval:one expression'
    )
    common=(
        '--lang[language of texts]:language:(zh en)'
        '--color[whether to use colour]:when:(auto always never)'
        '(-q --quiet)'{-q,--quiet}'[no notes and no progress]'
        '(-h --help)'{-h,--help}'[show help]'
        '--version[show the version]'
    )
    local db='--db[folder of the store]:folder:_files -/'
    local rules='--rules[folder or file of the ruleset]:ruleset:_files'
    local text='--format[how the result is written]:format:(text json)'
    local unmask='--unmask[show identity numbers of natural persons]'
    local known='--known-at[what was known then]:time:'
    asof=('--as-of[the day the answer is about]:date:' $known)
    local -a suppose=(
        '*--suppose[suppose the lines of a file]:file:_files'
        '*--with[suppose a tie]:role=id:'
    )

    command=${words[(r)(check|explain|find|import|batch|store|test|diff|eval)]}
    case $command in
    check)
        _arguments $common $db $rules $text $asof $suppose $unmask \
            '--matter[the dealing it is about]:matter:' '--purpose[what for]:text:' \
            '--by[who checks]:officer:' '*:subject:'
        ;;
    explain)
        _arguments $common $db $rules $text $asof $suppose $unmask \
            '*--rule[only this rule]:rule:' '*--measure[only this measure]:measure:' \
            '--matter[only this matter]:matter:' '*:subject:'
        ;;
    find) _arguments $common $db $rules $text $known $unmask '*:text:' ;;
    import)
        _arguments $common $db $rules '--dry-run[check, store nothing]' \
            '--rejects[file for rejected lines]:file:_files' '*:file:_files'
        ;;
    batch)
        _arguments $common $db $rules $asof $unmask \
            '--format[how the result is written]:format:(ndjson csv)' \
            '--out[the file to write]:file:_files' '--all[a line for every subject]' \
            '--changed[only what changed since the last batch]' \
            '--feed[file for what was gained, lost or altered]:file:_files' \
            '--guard[percent that may change]:percent:' '--resume[go on with one that was interrupted]' \
            '--checkpoint[seconds between checkpoints]:seconds:' '--stats[how each rule is found]' \
            '--threads[threads to use]:number:'
        ;;
    store) _arguments $common $db $text '*:what:(stat verify backup)' ;;
    test)
        _arguments $common $rules $text '--only[cases whose name contains this]:text:' \
            '--coverage[what no case reached]'
        ;;
    diff)
        _arguments $common $db $text $asof $unmask \
            '--out[file for who gets something else]:file:_files' '--html[file for the page]:file:_files' \
            '--samples[how many are explained]:number:' \
            '--fail-on-change[end with status 2 where anything differs]' \
            '--threads[threads to use]:number:' '*:ruleset:_files'
        ;;
    eval)
        _arguments $common $db $rules $asof $unmask '--subject[let it see this subject]:subject:' \
            '--record[the record that r is]:record:' '*'{-b,--bind}'[give a name a value]:name=expression:' \
            {-t,--type}'[print the type]' {-s,--steps}'[print each part]' \
            {-c,--cost}'[print the steps taken]' '--jsonl[read cases]' '*:expression:'
        ;;
    *) _describe command commands || _arguments $common $db $rules $text $asof ;;
    esac
}
_heng "$@"
