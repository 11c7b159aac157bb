package dev.graft.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.graft.GraftException;
import dev.graft.SafeFile;
import dev.graft.graph.Graph;
import dev.graft.graph.GraphException;
import dev.graft.graph.Onnx;
import dev.graft.run.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Runs graphs on ONNX Runtime, on the processor. */
public final class OrtRuntime implements Runtime {
    private final OrtSettings settings;
    private final OrtEnvironment environment;

    /** A runtime with {@link OrtSettings#DEFAULT}. */
    public OrtRuntime() {
        this(OrtSettings.DEFAULT);
    }

    /**
     * A runtime.
     *
     * @throws GraftException if the native libraries do not load on this machine
     */
    public OrtRuntime(OrtSettings settings) {
        this.settings = settings;
        this.environment = environment();
    }

    private static OrtEnvironment environment() {
        try {
            Natives.prepare();
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "graft");
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | RuntimeException e) {
            throw new GraftException(
                    "ONNX Runtime's native library does not load on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + e.getMessage()
                            + "; it needs Linux, macOS or Windows on a processor that its jar carries a library for, and a"
                            + " temporary folder that it can write to (" + System.getProperty("java.io.tmpdir") + ")",
                    e);
        }
    }

    @Override
    public LoadedModel prepare(Graph graph) {
        try {
            Path folder = Files.createTempDirectory("graft-ort-");
            try {
                Path file = folder.resolve("model.onnx");
                Onnx.write(graph, file);
                return load(file, name(graph));
            } finally {
                SafeFile.delete(folder);
            }
        } catch (IOException e) {
            throw new GraftException(
                    "Handing the graph to ONNX Runtime failed: " + e.getMessage() + "; it is written to "
                            + System.getProperty("java.io.tmpdir") + " for that, which must have room for it",
                    e);
        }
    }

    private static String name(Graph graph) {
        String source = graph.header().source();
        return source.isEmpty() ? "The graph" : source;
    }

    /**
     * Makes a model file ready to run without reading it as a graph first.
     *
     * @throws GraphException if ONNX Runtime cannot load the file; the message names the node where it does
     */
    public LoadedModel prepare(Path model) {
        if (!Files.isRegularFile(model)) {
            throw new GraphException("The model file " + model + " does not exist");
        }
        return load(model, model.toString());
    }

    private LoadedModel load(Path file, String subject) {
        int threads =
                settings.threads() == 0 ? java.lang.Runtime.getRuntime().availableProcessors() : settings.threads();
        Supplier<OrtSession> alone = () -> session(file, subject, settings.threads());
        Sessions sessions = settings.shared() && threads > 1
                ? Sessions.of(alone, () -> session(file, subject, threads / 2))
                : Sessions.of(alone.get());
        try {
            return LoadedModel.of(environment, sessions);
        } catch (OrtException e) {
            throw OrtErrors.translated(subject + " does not load in ONNX Runtime", e);
        }
    }

    private OrtSession session(Path file, String subject, int threads) {
        try (SessionOptions options = options(threads)) {
            return environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw OrtErrors.translated(subject + " does not load in ONNX Runtime", e);
        }
    }

    private SessionOptions options(int threads) throws OrtException {
        var options = new SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setOptimizationLevel(
                switch (settings.optimization()) {
                    case NONE -> OptLevel.NO_OPT;
                    case BASIC -> OptLevel.BASIC_OPT;
                    case EXTENDED -> OptLevel.EXTENDED_OPT;
                    case ALL -> OptLevel.ALL_OPT;
                });
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        options.addConfigEntry("session.intra_op.allow_spinning", settings.spinning() ? "1" : "0");
        return options;
    }
}
