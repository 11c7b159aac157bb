package dev.graft.bundle;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a model comes from: enough to say which rows, which pretrained weights and which program made it.
 *
 * @param graft the version of Graft
 * @param created when training ended, ISO 8601 in UTC
 * @param seconds wall time of the training
 * @param seed of all randomness in it
 * @param data the files that were trained and tested on
 * @param model the pretrained model
 */
public record Provenance(
        String graft, String created, double seconds, long seed, List<Source> data, Source model, Machine machine) {
    public Provenance {
        data = List.copyOf(data);
    }

    /** This provenance with one more file. */
    public Provenance with(Source source) {
        var more = new ArrayList<>(data);
        more.add(source);
        return new Provenance(graft, created, seconds, seed, more, model, machine);
    }

    /**
     * A file that went into a model.
     *
     * @param role for example {@code train}, {@code test}, {@code pretrained} or {@code graph}
     * @param name the file's own name, or the name under which the model was asked for; no path of anyone's machine
     * @param sha256 digest of its content, 64 hexadecimal digits; empty where it is not known
     * @param licence SPDX identifier; empty where it is not known
     */
    public record Source(String role, String name, String sha256, String licence) {}

    /**
     * What a model was trained on.
     *
     * @param processors how many the program could use
     * @param memory bytes of heap that the program could use
     */
    public record Machine(String system, String architecture, int processors, long memory, String java) {
        /** The machine that runs this program. */
        public static Machine current() {
            Runtime runtime = Runtime.getRuntime();
            return new Machine(
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("os.arch"),
                    runtime.availableProcessors(),
                    runtime.maxMemory(),
                    Runtime.version().toString());
        }
    }
}
