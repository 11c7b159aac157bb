package dev.graft.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Graph;
import dev.graft.graph.Onnx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A tuned model on disk: a folder that holds everything needed to use it and to say where it comes from.
 *
 * <p>A bundle may come from anywhere, so nothing in it is trusted: the version is checked first, then the names of its
 * files, then their digests.
 *
 * @param manifest what {@code graft.json} says
 */
public record Bundle(Path folder, Manifest manifest) {
    /** The model's file name. */
    public static final String MODEL = "model.onnx";
    /** The tokenizer's file name. */
    public static final String TOKENIZER = "tokenizer.json";
    /** The scores' file name. */
    public static final String SCORES = "scores.json";
    /** The policy's file name. */
    public static final String POLICY = "policy.yaml";
    /** The report's file name. */
    public static final String REPORT = "report.html";

    private static final List<String> NEEDED = List.of(MODEL, TOKENIZER, HuggingFaceConfig.CONFIG, SCORES, Parity.FILE);
    private static final long LARGEST_MANIFEST = 32L << 20;
    private static final long LARGEST_JSON = 256L << 20;

    /**
     * A bundle whose every file is what it was when it was written.
     *
     * @throws InputException if it is not, or is of a newer version, or no bundle at all
     */
    public static Bundle open(Path folder) {
        Bundle bundle = unverified(folder);
        bundle.verify();
        return bundle;
    }

    /** A bundle of which only the manifest has been read; {@link #verify} reads the rest. */
    public static Bundle unverified(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InputException((Files.exists(folder) ? folder + " is a file" : "There is no bundle " + folder)
                    + "; a bundle is the folder that `graft train` writes");
        }
        Path file = folder.resolve(Manifest.FILE);
        if (!Files.isRegularFile(file)) {
            throw new InputException(folder + " is no bundle: it holds no " + Manifest.FILE);
        }
        checkVersion(file);
        var bundle = new Bundle(folder, Json.read(file, Manifest.class, LARGEST_MANIFEST));
        bundle.checkFiles();
        return bundle;
    }

    private static void checkVersion(Path file) {
        JsonNode format = Json.tree(file, LARGEST_MANIFEST).path("format");
        if (!format.isInt() || format.intValue() < 1) {
            throw new InputException(file + " is no manifest of a bundle: its 'format' is "
                    + (format.isMissingNode() ? "missing" : format) + ", expected a number from 1 to "
                    + Manifest.FORMAT);
        }
        if (format.intValue() > Manifest.FORMAT) {
            throw new InputException(file + " is of format version " + format + ", this Graft reads versions up to "
                    + Manifest.FORMAT + "; update Graft to use the bundle");
        }
    }

    private void checkFiles() {
        var missing = new ArrayList<String>();
        NEEDED.stream().filter(name -> !manifest.files().containsKey(name)).forEach(missing::add);
        if (!missing.isEmpty()) {
            throw new InputException(file(Manifest.FILE) + " does not list " + missing + ", which every bundle has");
        }
        for (String name : manifest.files().keySet()) {
            if (!Files.isRegularFile(file(name))) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new InputException(
                    "The bundle " + folder + " lacks " + missing + "; copy the whole folder, or train again");
        }
    }

    /**
     * Compares every file with its digest.
     *
     * @throws InputException that names the files that differ
     */
    public void verify() {
        List<String> changed = manifest.files().entrySet().parallelStream()
                .filter(entry -> !Digest.of(file(entry.getKey())).equals(entry.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
        if (!changed.isEmpty()) {
            throw new InputException("In the bundle " + folder + " " + changed
                    + " differ from what was written (SHA-256); copy the folder again, or train again");
        }
    }

    /** One of the bundle's files. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** The tuned model, its weights mapped from the file. */
    public Graph graph() {
        return Onnx.read(file(MODEL));
    }

    /** A new encoder with the bundle's tokenizer; the caller closes it. */
    public TextEncoder encoder() {
        return TextEncoder.open(manifest.encoder(), file(TOKENIZER));
    }

    /** The examples that the model must still compute as training did. */
    public Parity parity() {
        return Json.read(file(Parity.FILE), Parity.class, LARGEST_JSON);
    }

    /** The scores that were written with the model. */
    public JsonNode scores() {
        return Json.tree(file(SCORES), LARGEST_JSON);
    }
}
