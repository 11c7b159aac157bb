package dev.graft.data;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Small inputs for the tests of this room. */
final class Samples {
    static final Path FILE = Path.of("made-up.csv");

    private Samples() {}

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Samples.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A file of the public data sets, if they are on this machine. */
    static Optional<Path> publicData(String name) {
        String given = System.getenv("GRAFT_DATA");
        Path folder = given == null ? Path.of("../../shared/data") : Path.of(given);
        return Optional.of(folder.resolve(name)).filter(Files::exists);
    }

    /** Examples with the labels given and texts of their own. */
    static List<Example> labelled(String... labels) {
        List<Example> examples = new ArrayList<>();
        for (String label : labels) {
            examples.add(new Example("text " + examples.size(), label, FILE, examples.size() + 2L));
        }
        return examples;
    }

    static Path write(Path folder, String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static List<List<String>> values(Table table) {
        return table.rows().stream().map(Row::values).toList();
    }
}
