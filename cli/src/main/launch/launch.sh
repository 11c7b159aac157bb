# Starts Graft. Read by ./graft in the sources and by bin/graft in the distribution, after `set -eu`;
# written for the bash 3.2 that macOS has.

java= # set by find_java
gently= # set where what is started shall not be in anyone's way
common_options="-Dorg.bytedeco.openblas.load=mkl --enable-native-access=ALL-UNNAMED"

say() { printf 'graft: %s\n' "$*" >&2; }

# Sets java to a JVM's path and java_version to its feature number, or ends with what to do.
find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || { say "JAVA_HOME is $JAVA_HOME, which has no bin/java: set it to a JDK 17 or later"; exit 1; }
    else
        java=$(command -v java) || { say "no java found: install a JDK 17 or later, or set JAVA_HOME"; exit 1; }
    fi
    java_version=$(feature_version)
    case $java_version in
        '' | *[!0-9]*) say "$java -version did not say its version: set JAVA_HOME to a JDK 17 or later"; exit 1 ;;
    esac
    [ "$java_version" -ge 17 ] || { say "$java is Java $java_version: set JAVA_HOME to a JDK 17 or later"; exit 1; }
}

# A JVM states its version in a file, which is 50 ms faster to ask than the JVM; 1.8.0_402 is 8.
feature_version() {
    local bin home text
    bin=$java
    while [ -L "$bin" ]; do
        home=$(cd -P "$(dirname "$bin")" && pwd)
        bin=$(readlink "$bin")
        case $bin in /*) ;; *) bin=$home/$bin ;; esac
    done
    home=$(cd -P "$(dirname "$bin")/.." && pwd)
    text=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$home/release" 2>/dev/null || true)
    [ -n "$text" ] || text=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
    text=${text#1.}
    printf '%s' "${text%%[!0-9]*}"
}

# is_fresh ARCHIVE FOLDER: whether an archive of classes is there and no jar of the folder is newer. The JVM itself does
# not use one that fits neither it nor its jars.
is_fresh() {
    [ -s "$1" ] && [ -z "$(find "$2" -maxdepth 1 -name '*.jar' -newer "$1" -print 2>/dev/null | head -n 1)" ]
}

# make_archive ARCHIVE CLASS_PATH REHEARSAL OPTION…: writes a file with the classes that a rehearsal has loaded, as the
# JVM wants them in memory. It appears whole or not at all.
make_archive() {
    local archive=$1 class_path=$2 rehearsal=$3 fresh
    shift 3
    fresh=${archive%.jsa}.$$.jsa
    if ${gently:+nice -n 19} "$java" "$@" -XX:ArchiveClassesAtExit="$fresh" -Xlog:disable -cp "$class_path" "$rehearsal" \
        > /dev/null 2>&1 < /dev/null && [ -s "$fresh" ]; then
        mv -f "$fresh" "$archive"
    else
        rm -f "$fresh"
        return 1
    fi
}

# serve_archive FOLDER CLASS_PATH OPTION…: sets archive to one with the classes of a server, which saves a second of each
# start. It is made at the first start, where the folder can be written.
serve_archive() {
    local folder=$1 class_path=$2
    shift 2
    archive=$folder/serve-$java_version.jsa
    if ! is_fresh "$archive" "$folder"; then
        [ -w "$folder" ] || { archive=; return 0; }
        say "preparing the first start of a server; later ones are faster"
        make_archive "$archive" "$class_path" dev.graft.cli.ServeRehearsal "$@" || archive=
    fi
}

# train_archive COMMAND FOLDER CLASS_PATH: sets archive to one with the classes of a training, from which all commands
# but a server start. Where there is none yet, a training leaves a process behind that makes it.
train_archive() {
    archive=$2/train-$java_version.jsa
    is_fresh "$archive" "$2" && return 0
    if [ "$1" = train ] && [ -w "$2" ]; then
        archive_afterwards "$archive" "$2" "$3" > /dev/null 2>&1 < /dev/null &
    fi
    archive=
}

# archive_afterwards ARCHIVE FOLDER CLASS_PATH: waits until this process, which becomes the JVM, has ended, and makes the
# archive then, when it is in nobody's way; of several trainings one does. Not where no native libraries are unpacked yet,
# which the rehearsal would do.
archive_afterwards() {
    local natives=${GRAFT_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/graft}/natives gently=yes making=$1.making
    trap '' HUP INT
    while kill -0 $$ 2>/dev/null; do sleep 1; done
    ls -d "$natives"/pytorch-* || return 0
    is_fresh "$1" "$2" && return 0
    find "$making" -prune -mmin +30 -exec rmdir {} \; || true # of one that was killed
    mkdir "$making" || return 0
    # shellcheck disable=SC2086
    make_archive "$1" "$3" dev.graft.cli.TrainRehearsal $common_options -Xmn16m -XX:+UseSerialGC || true
    rmdir "$making"
}

# launch FOLDER CLASS_PATH ARGUMENT…: becomes the JVM. FOLDER holds Graft's own jar. GRAFT_JAVA_OPTIONS is split at
# blanks and comes last.
launch() {
    local folder=$1 class_path=$2 own=${GRAFT_JAVA_OPTIONS:-} archive=
    shift 2
    [ -n "$java" ] || find_java

    # OpenMP's threads wait for one another in a loop, some milliseconds long if nothing else is said. Where another
    # program wants the processors, the one that is waited for may be without one meanwhile. So they wait in a loop for a
    # fraction of a millisecond, which is as fast where nothing else runs.
    case ${1:-} in
        train) export GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-6000}" ;;
    esac

    # A training step makes and frees large blocks: glibc is to keep them, not to hand them back to
    # the kernel and take their page faults again at the next step. Two arenas, for with one alone the
    # threads that tokenise wait for one another, three times as long as the work takes. Without glibc's
    # lists of small freed blocks, for their blocks never join the large ones beside them again: these then
    # are too small for a tensor of the same size, and a step takes up to a fifth more memory. The doctor looks
    # at what a training has.
    case ${1:-} in
        train | doctor)
            export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
            export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-1073741824}"
            export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-4294967296}"
            export MALLOC_TOP_PAD_="${MALLOC_TOP_PAD_:-268435456}"
            export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0}"
            ;;
    esac

    # Tensors live outside the heap: the serial collector starts fastest and needs the least memory.
    case $own in
        *-XX:+Use*GC*) ;;
        *) own="-XX:+UseSerialGC $own" ;;
    esac
    own="$common_options $own"

    # All that a training makes on the heap is small and short-lived, so a small nursery does, which costs no time and
    # stays resident. A plan counts what a training takes, so it runs as one.
    case ${1:-} in
        train | plan) own="-Xmn16m $own" ;;
    esac

    # A server lives long beside others: its heap begins small and stays bounded, and its threads share two of glibc's
    # arenas instead of keeping one each. Nearly all of its time passes in native code: the JVM's second compiler would
    # take processor time from the model for minutes, and memory, and give back less.
    if [ "${1:-}" = serve ]; then
        export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
        own="-Xms48m -Xmx768m -XX:TieredStopAtLevel=1 $own"
        # shellcheck disable=SC2086
        serve_archive "$folder" "$class_path" $own
    else
        train_archive "${1:-}" "$folder" "$class_path"
    fi
    [ -z "$archive" ] || own="-XX:SharedArchiveFile=$archive -Xlog:cds=off -Xlog:cds+dynamic=off $own"

    # shellcheck disable=SC2086
    exec "$java" $own -cp "$class_path" dev.graft.cli.Main "$@"
}
