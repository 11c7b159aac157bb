package dev.graft.predict;

import dev.graft.bundle.Bundle;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.LoadedModel;
import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import java.util.List;
import java.util.function.IntFunction;

/** What computes the models of bundles, and in which numbers. */
public final class Engine {
    /** ONNX Runtime, in float32: the numbers that a bundle's parity examples were computed in. */
    public static final Engine FLOAT32 =
            new Engine("fp32", "float32", "onnxruntime_onnx", "onnxruntime", Engine::onOnnxRuntime);

    /** Runs of a service that meet: {@link Batcher} computes so many batches at the same time. */
    private static final int MEETING = Batcher.LANES;

    /**
     * Lengths on libtorch are multiples of this: it makes a kernel for every shape that it meets, and keeps a thousand.
     * Twice as many costs more in padding than it saves.
     */
    private static final int LENGTH_STEP = 8;

    private final String precision;
    private final String type;
    private final String platform;
    private final String backend;
    private final Loading loading;

    /** How a bundle's model is made ready. */
    private interface Loading {
        Loaded load(Bundle bundle, PredictorSettings settings);
    }

    /**
     * A model that is ready, with what it reads and computes.
     *
     * @param lengthStep of which lengths of batches are multiples
     */
    record Loaded(Session session, List<ValueInfo> inputs, List<ValueInfo> outputs, int lengthStep)
            implements AutoCloseable {
        @Override
        public void close() {
            session.close();
        }
    }

    private Engine(String precision, String type, String platform, String backend, Loading loading) {
        this.precision = precision;
        this.type = type;
        this.platform = platform;
        this.backend = backend;
        this.loading = loading;
    }

    /**
     * Libtorch in numbers that are rounded more than float32 is.
     *
     * @param precision as users write it, for example {@code bf16}
     * @param type the same in full, for example {@code bfloat16}
     * @param runtimes a runtime for a number of threads that share the work of one run; its sessions take runs from several
     *     threads, and may be closed meanwhile
     */
    public static Engine rounded(String precision, String type, IntFunction<? extends Runtime> runtimes) {
        return new Engine(
                precision, type, "pytorch_libtorch", "pytorch", (bundle, settings) -> on(runtimes, bundle, settings));
    }

    private static Loaded onOnnxRuntime(Bundle bundle, PredictorSettings settings) {
        OrtSettings how = OrtSettings.DEFAULT.withThreads(settings.threads());
        if (settings.serving()) {
            var runtime = new OrtRuntime(how.withSpinning(false).withShared(true));
            Graph graph = bundle.graph();
            return FeaturesOutput.fits(graph)
                    ? loaded(runtime.prepare(new FeaturesOutput().apply(graph)))
                    : loaded(runtime.prepare(bundle.file(Bundle.MODEL)));
        }
        return loaded(new OrtRuntime(how).prepare(bundle.file(Bundle.MODEL)));
    }

    /** A model of ONNX Runtime's, which knows itself what it reads and computes. */
    static Loaded loaded(LoadedModel model) {
        return new Loaded(model, model.inputs(), model.outputs(), 1);
    }

    private static Loaded on(IntFunction<? extends Runtime> runtimes, Bundle bundle, PredictorSettings settings) {
        int all = settings.threads() == 0 ? java.lang.Runtime.getRuntime().availableProcessors() : settings.threads();
        int threads = settings.serving() ? Math.max(1, all / MEETING) : all;
        Graph graph = settings.serving() ? new FeaturesOutput().apply(bundle.graph()) : bundle.graph();
        return new Loaded(runtimes.apply(threads).prepare(graph), graph.inputs(), graph.outputs(), LENGTH_STEP);
    }

    Loaded load(Bundle bundle, PredictorSettings settings) {
        return loading.load(bundle, settings);
    }

    /** What the numbers are, as users write it: {@code fp32}, {@code bf16}. */
    public String precision() {
        return precision;
    }

    /** The type of the numbers in full: {@code float32}, {@code bfloat16}. */
    public String type() {
        return type;
    }

    /** Triton's name of what runs such models. */
    public String platform() {
        return platform;
    }

    /** Triton's name of the backend that runs them. */
    public String backend() {
        return backend;
    }

    /** Whether it computes what training computed, up to the order of sums. */
    public boolean exact() {
        return this == FLOAT32;
    }
}
