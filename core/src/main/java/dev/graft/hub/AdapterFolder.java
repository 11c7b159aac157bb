package dev.graft.hub;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.SafeFile;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Json;
import dev.graft.bundle.Manifest;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An adapter beside all that its training put into a bundle, the model and the tokenizer apart: with its base the bundle
 * can be made again.
 */
public final class AdapterFolder {
    /** The name of the bundle's manifest in the folder of an adapter. */
    public static final String MANIFEST = "bundle.json";

    private static final List<String> LARGE = List.of(Bundle.MODEL, Bundle.TOKENIZER);
    private static final long LARGEST_MANIFEST = 32L << 20;

    private AdapterFolder() {}

    /**
     * Refuses a place that cannot take an adapter, before the work that makes one.
     *
     * @param replace whether an adapter that stands there may be replaced; anything else never is
     */
    public static void requireFree(Path folder, boolean replace) {
        boolean adapter = Files.isRegularFile(folder.resolve(AdapterFile.WEIGHTS));
        if (adapter && !replace) {
            throw new InputException("The folder " + folder
                    + " holds an adapter already; --force replaces it, or choose another with --save-adapter");
        }
        if (!adapter) {
            SafeFile.refuseOccupied(folder);
        }
        SafeFile.requireWritable(folder);
    }

    /** Writes an adapter and the small files of the bundle that was made of it. */
    public static void write(Path folder, AdapterFile adapter, Bundle bundle) {
        SafeFile.Filling filling = aside -> {
            adapter.write(aside);
            for (String name : bundle.manifest().files().keySet()) {
                if (!LARGE.contains(name)) {
                    Files.copy(bundle.file(name), aside.resolve(name));
                }
            }
            Files.copy(bundle.file(Manifest.FILE), aside.resolve(MANIFEST));
        };
        if (Files.isRegularFile(folder.resolve(AdapterFile.WEIGHTS))) {
            SafeFile.replaceFolder(folder, filling);
        } else {
            SafeFile.fillFolder(folder, filling);
        }
    }

    /**
     * Makes the bundle again.
     *
     * @param base the model that the adapter was made for
     * @param keep whether the adapter stays beside the base's weights where it could be taken into them
     * @param output a new folder
     * @throws InputException if the base is another, the folder lacks a file, or the output is occupied
     */
    public static Bundle bundle(Path folder, Pretrained base, boolean keep, Path output) {
        AdapterFile adapter = AdapterFile.read(folder);
        adapter.requireBase(base);
        Manifest manifest = manifest(folder, base);
        Graph graph = keep ? adapter.on(base) : adapter.mergedInto(base);
        SafeFile.fillFolder(output, aside -> {
            Onnx.write(graph, aside.resolve(Bundle.MODEL));
            Files.copy(base.tokenizer(), aside.resolve(Bundle.TOKENIZER));
            for (String name : manifest.files().keySet()) {
                if (!LARGE.contains(name)) {
                    Files.copy(folder.resolve(name), aside.resolve(name));
                }
            }
            Files.writeString(aside.resolve(Manifest.FILE), Json.text(with(manifest, aside)));
        });
        return Bundle.open(output);
    }

    private static Manifest manifest(Path folder, Pretrained base) {
        Path file = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new InputException("The folder " + folder + " lacks " + MANIFEST
                    + ", so no bundle can be made of it; 'graft train --save-adapter' writes whole folders");
        }
        Manifest manifest = Json.read(file, Manifest.class, LARGEST_MANIFEST);
        if (!Digest.of(base.tokenizer()).equals(manifest.files().get(Bundle.TOKENIZER))) {
            throw new InputException("The tokenizer " + base.tokenizer() + " is not the one that the adapter " + folder
                    + " was trained with; give the model with --model as it was then");
        }
        List<String> missing = manifest.files().keySet().stream()
                .filter(name -> !LARGE.contains(name) && !Files.isRegularFile(folder.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new InputException("The adapter " + folder + " lacks " + missing + "; copy the whole folder");
        }
        return manifest;
    }

    /** The manifest with the digest of the model as it is written now. */
    private static Manifest with(Manifest manifest, Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>(manifest.files());
        files.put(Bundle.MODEL, Objects.requireNonNull(Digest.of(folder.resolve(Bundle.MODEL))));
        return new Manifest(
                manifest.format(),
                manifest.task(),
                manifest.labels(),
                manifest.encoder(),
                manifest.thresholds(),
                manifest.provenance(),
                files);
    }
}
