package dev.graft.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a benchmark finds what it runs.
 *
 * @param root the project
 * @param python the interpreter of the peers' environment
 * @param peers the folder of the peers' scripts
 * @param data the folder of the data sets
 * @param models the folder of the small pretrained models
 * @param work a folder for what the runs write
 */
record Places(Path root, Path python, Path peers, Path data, Path models, Path work) {
    /** The places that the environment names: PEERS_PYTHON, GRAFT_PEERS, GRAFT_DATA and GRAFT_MODELS, else {@code ../shared}. */
    static Places fromEnvironment() {
        Path root = Path.of("").toAbsolutePath();
        Path shared = root.resolveSibling("shared");
        return new Places(
                root,
                path("PEERS_PYTHON").orElseGet(() -> root.resolve("bench/target/peers/bin/python")),
                path("GRAFT_PEERS").orElseGet(() -> shared.resolve("peers")),
                path("GRAFT_DATA").orElseGet(() -> shared.resolve("data")),
                path("GRAFT_MODELS").orElseGet(() -> shared.resolve("models")),
                root.resolve("bench/target/runs"));
    }

    private static Optional<Path> path(String variable) {
        return Optional.ofNullable(System.getenv(variable)).map(Path::of);
    }

    /** A peer's script with arguments. */
    List<String> script(String name, String... arguments) {
        return Stream.concat(Stream.of(python.toString(), peers.resolve(name).toString()), Stream.of(arguments))
                .toList();
    }

    /** The graft command with arguments. */
    List<String> graft(String... arguments) {
        return Stream.concat(Stream.of(root.resolve("graft").toString()), Stream.of(arguments))
                .toList();
    }

    String banking(String part) {
        Path file = data.resolve("banking77").resolve(part + ".csv");
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("There is no " + file + "; set GRAFT_DATA");
        }
        return file.toString();
    }

    /** Variables that keep both sides from the network. */
    Map<String, String> environment() {
        return Map.of("HF_HUB_OFFLINE", "1", "TOKENIZERS_PARALLELISM", "false");
    }
}
