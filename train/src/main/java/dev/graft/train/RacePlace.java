package dev.graft.train;

import dev.graft.GraftException;
import dev.graft.SafeFile;
import dev.graft.bundle.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Where a race is kept until the run ends, so that a resumed run neither repeats it nor comes to another winner.
 *
 * @param run where the run as a whole is kept
 */
record RacePlace(Checkpoints run) {
    private static final String RESULT = "race.json";

    /** A result and what it belongs to. */
    record Kept(String fingerprint, Race.Result result) {}

    /** Where a lap is kept while it lasts. */
    Checkpoints lap(Strategy strategy, int epochs) {
        return run.part(strategy.spelled() + "-" + epochs);
    }

    /** The result that is kept here, else that of a race that is run now and then kept. */
    Race.Result result(Supplier<Race.Result> race) {
        Path file = run.folder().resolve(RESULT);
        try {
            if (Files.isRegularFile(file)) {
                Kept kept = Json.parse(Files.readAllBytes(file), file.toString(), Kept.class);
                if (kept.fingerprint().equals(run.fingerprint())) {
                    return kept.result();
                }
            }
            Race.Result result = race.get();
            Files.createDirectories(run.folder());
            SafeFile.write(file, Json.text(new Kept(run.fingerprint(), result)));
            return result;
        } catch (IOException e) {
            throw new GraftException("Cannot keep the race in " + file + ": " + e.getMessage(), e);
        }
    }
}
