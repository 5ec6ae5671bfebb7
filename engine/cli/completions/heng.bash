# bash completion for heng. SPDX-License-Identifier: Apache-2.0
_heng() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} word command=
    local commands='check explain find import batch store test diff eval'
    local common='--lang --color --quiet --help --version'
    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $commands " in *" $word "*)
            command=$word
            break
            ;;
        esac
    done

    case $prev in
    --lang)
        mapfile -t COMPREPLY < <(compgen -W 'zh en' -- "$cur")
        return
        ;;
    --color)
        mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
        return
        ;;
    --format)
        local formats='text json'
        [ "$command" != batch ] || formats='ndjson csv'
        mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$cur")
        return
        ;;
    --db | --rules)
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
        ;;
    --suppose | --rejects | --out)
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
        ;;
    --as-of | --known-at | --matter | --measure | --rule | --purpose | --by | --with | --bind | --only | --subject | --record)
        return
        ;;
    esac

    local options="$common --db --rules --format --as-of --known-at"
    case $command in
    '') options="$commands $options" ;;
    check) options="$options --matter --purpose --by --suppose --with --unmask" ;;
    explain) options="$options --rule --measure --matter --suppose --with --unmask" ;;
    find) options="$common --db --rules --format --known-at --unmask" ;;
    import) options="$common --db --rules --dry-run --rejects" ;;
    batch) options="$options --out --all --changed --feed --guard --resume --checkpoint --stats --threads --unmask" ;;
    store) options="$common --db --format stat verify backup" ;;
    test) options="$common --rules --format --only --coverage" ;;
    diff) options="$common --db --format --as-of --known-at --out --html --samples --fail-on-change --threads --unmask" ;;
    eval)
        options="$common --db --rules --as-of --known-at --subject --record --unmask"
        options="$options --bind --type --steps --cost --jsonl"
        ;;
    esac
    if [[ $command == @(import|diff) && $cur != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    else
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    fi
}
complete -F _heng heng
