package dev.graft.bundle;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes bundles: beside their place, then moved there whole. */
public final class BundleWriter {
    private BundleWriter() {}

    /**
     * Writes a bundle to a new folder.
     *
     * @throws InputException if the folder holds something already
     * @throws dev.graft.GraftException if the disk refuses; then nothing is left behind
     */
    public static void write(Path folder, BundleContents contents) {
        SafeFile.fillFolder(folder, aside -> fill(aside, contents));
    }

    /**
     * Refuses a place that cannot take a bundle, before the work that makes one.
     *
     * @param replace whether a bundle that stands there may be replaced; anything else never is
     * @throws InputException if something else stands there, or nothing can be written there
     */
    public static void requireFree(Path folder, boolean replace) {
        boolean bundle = Files.isRegularFile(folder.resolve(Manifest.FILE));
        if (bundle && !replace) {
            throw new InputException("The output folder " + folder
                    + " holds a bundle already; --force replaces it, or choose another with --output");
        }
        if (!bundle) {
            SafeFile.refuseOccupied(folder);
        }
        SafeFile.requireWritable(folder);
    }

    /**
     * Writes a bundle to a folder, in place of the bundle that may stand there.
     *
     * @throws InputException if the folder holds something that is no bundle
     * @throws dev.graft.GraftException if the disk refuses; then the old bundle stands as it stood
     */
    public static void replace(Path folder, BundleContents contents) {
        if (!Files.isRegularFile(folder.resolve(Manifest.FILE))) {
            write(folder, contents);
            return;
        }
        SafeFile.replaceFolder(folder, aside -> fill(aside, contents));
    }

    /**
     * Writes a bundle that differs from another in its graph; its scores and its report stay those of the other.
     *
     * @param parity what the new graph computes
     * @param provenance of the new bundle
     * @throws InputException if the folder holds something already
     * @throws GraftException if the disk refuses; then nothing is left behind
     */
    public static void withGraph(Bundle bundle, Graph graph, Parity parity, Provenance provenance, Path folder) {
        Manifest old = bundle.manifest();
        SafeFile.fillFolder(folder, aside -> {
            for (String name : old.files().keySet()) {
                if (!name.equals(Bundle.MODEL) && !name.equals(Parity.FILE)) {
                    Files.copy(bundle.file(name), aside.resolve(name));
                }
            }
            Onnx.write(graph, aside.resolve(Bundle.MODEL));
            Files.writeString(aside.resolve(Parity.FILE), Json.text(parity));
            var manifest = new Manifest(
                    old.format(),
                    old.task(),
                    old.labels(),
                    old.encoder(),
                    old.thresholds(),
                    provenance,
                    digests(aside));
            Files.writeString(aside.resolve(Manifest.FILE), Json.text(manifest));
        });
    }

    private static void fill(Path folder, BundleContents contents) throws IOException {
        Onnx.write(contents.graph(), folder.resolve(Bundle.MODEL));
        Files.copy(contents.tokenizer(), folder.resolve(Bundle.TOKENIZER));
        HuggingFaceConfig.write(folder, contents);
        Files.writeString(folder.resolve(Parity.FILE), Json.text(contents.parity()));
        Files.writeString(folder.resolve(Bundle.SCORES), Json.text(contents.scores()));
        Files.writeString(folder.resolve(Bundle.POLICY), contents.policy());
        Files.writeString(folder.resolve(Bundle.REPORT), contents.report());
        Files.writeString(folder.resolve(Manifest.FILE), Json.text(manifest(contents, digests(folder))));
    }

    private static Manifest manifest(BundleContents contents, Map<String, String> digests) {
        return new Manifest(
                Manifest.formatOf(contents.task()),
                contents.task(),
                contents.labels(),
                contents.encoder(),
                contents.thresholds(),
                contents.provenance(),
                digests);
    }

    private static Map<String, String> digests(Path folder) throws IOException {
        var digests = new TreeMap<String, String>();
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            all.forEach(file -> digests.put(file.getFileName().toString(), Digest.of(file)));
        }
        return digests;
    }
}
