package dev.graft.bundle;

import dev.graft.InputException;
import dev.graft.data.EncoderSettings;
import dev.graft.task.Reading;
import dev.graft.task.TargetKind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What {@code graft.json} says of a bundle.
 *
 * @param format the version of the format; {@value #FORMAT} is the newest that this program reads
 * @param task for example {@code text-classification}
 * @param labels in the order of the model's outputs
 * @param encoder how texts become tokens
 * @param thresholds least probability by label; a label without one has none
 * @param files SHA-256 of every other file, 64 hexadecimal digits, by its name
 */
public record Manifest(
        int format,
        String task,
        List<String> labels,
        EncoderSettings encoder,
        Map<String, Double> thresholds,
        Provenance provenance,
        Map<String, String> files) {
    /** The newest version that this program reads, and writes where an older one does not suffice. */
    public static final int FORMAT = 2;

    private static final int CLASSES_ALONE = 1;

    /** The file's name in a bundle. */
    public static final String FILE = "graft.json";

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

    public Manifest {
        labels = List.copyOf(labels);
        thresholds = Map.copyOf(thresholds);
        files = java.util.Collections.unmodifiableMap(new TreeMap<>(files));
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new InputException("A label is named twice in " + labels);
        }
        for (String label : thresholds.keySet()) {
            if (!labels.contains(label)) {
                throw new InputException("A threshold is set for '" + label + "', which is no label");
            }
        }
        files.forEach(Manifest::checkFile);
    }

    /** The oldest version that can say what a task's outputs mean: those of plain classes are as they always were. */
    static int formatOf(String task) {
        return TargetKind.ofTask(task) == TargetKind.SINGLE_LABEL ? CLASSES_ALONE : FORMAT;
    }

    /**
     * How the model's outputs are read.
     *
     * @throws InputException if the task is unknown
     */
    public Reading reading() {
        return Reading.of(TargetKind.ofTask(task), labels, thresholds);
    }

    /** Names are plain, so that none leads out of the folder on any system. */
    private static void checkFile(String name, String digest) {
        if (!NAME.matcher(name).matches() || name.equals(FILE)) {
            throw new InputException("'" + name + "' is no name of a file in a bundle; names are letters, digits,"
                    + " dots, hyphens and underscores and lead to no other folder");
        }
        if (!DIGEST.matcher(digest).matches()) {
            throw new InputException(
                    "The digest of '" + name + "' must have 64 hexadecimal digits, not '" + digest + "'");
        }
    }
}
