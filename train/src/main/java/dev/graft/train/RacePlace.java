package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the laps of a race are kept until the run ends, so that a resumed run repeats none that was finished and comes to
 * the same winner.
 */
final class RacePlace {
    private static final String LAPS = "race.json";
    private static final String RESULT = "race-result.json";

    private final Checkpoints run;
    private final Map<String, Race.Heat> heats = new LinkedHashMap<>();

    /** Laps and what they belong to. */
    record Laps(String fingerprint, Map<String, Race.Heat> heats) {}

    /** A result and what it belongs to. */
    record Kept(String fingerprint, Race.Result result) {}

    /** @param run where the run as a whole is kept */
    RacePlace(Checkpoints run) {
        this.run = run;
        read(LAPS, Laps.class)
                .filter(kept -> kept.fingerprint().equals(run.fingerprint()))
                .ifPresent(kept -> heats.putAll(kept.heats()));
    }

    /** Whether there is a lap to go on from. */
    boolean begun() {
        return !heats.isEmpty();
    }

    /** The result that is kept here, else that of a race that is run now and then kept. */
    Race.Result result(Supplier<Race.Result> race) {
        Optional<Race.Result> before = read(RESULT, Kept.class)
                .filter(kept -> kept.fingerprint().equals(run.fingerprint()))
                .map(Kept::result);
        if (before.isPresent()) {
            return before.get();
        }
        Race.Result result = race.get();
        write(RESULT, new Kept(run.fingerprint(), result));
        return result;
    }

    /** Seconds of the race that were over when the last lap that is kept here ended. */
    double elapsed() {
        return heats.values().stream().mapToDouble(Race.Heat::ended).max().orElse(0);
    }

    /** Where a lap is kept while it lasts. */
    Checkpoints lap(Strategy strategy, Course.Round round, int fold) {
        return run.part(name(strategy, round) + "-" + fold);
    }

    /** A track that runs the laps of another one that are not kept here, and keeps them. */
    Race.Track keeping(Race.Track track) {
        return (strategy, round, room) -> {
            Race.Heat before = heats.get(name(strategy, round));
            if (before != null) {
                return Optional.of(before);
            }
            Optional<Race.Heat> heat = track.run(strategy, round, room);
            heat.ifPresent(found -> keep(name(strategy, round), found));
            return heat;
        };
    }

    private void keep(String name, Race.Heat heat) {
        heats.put(name, heat);
        write(LAPS, new Laps(run.fingerprint(), heats));
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        Path file = run.folder().resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(Files.readAllBytes(file), file.toString(), type));
        } catch (IOException e) {
            throw new GraftException("Cannot read the race that is kept in " + file + ": " + e.getMessage(), e);
        }
    }

    private void write(String name, Object kept) {
        Path file = run.folder().resolve(name);
        try {
            Files.createDirectories(run.folder());
            SafeFile.write(file, Json.text(kept));
        } catch (IOException e) {
            throw new GraftException("Cannot keep the race in " + file + ": " + e.getMessage(), e);
        }
    }

    private static String name(Strategy strategy, Course.Round round) {
        return strategy.spelled() + "-" + (round.number() + 1);
    }
}
