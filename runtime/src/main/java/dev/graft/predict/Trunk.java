package dev.graft.predict;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.graph.Dimension;
import dev.graft.graph.Graph;
import dev.graft.graph.Selector;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.LoadedModel;
import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.rewrite.BranchInputs;
import dev.graft.rewrite.Lora;
import dev.graft.tensor.Array;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One encoder in memory that any number of tenants share, each with adapters and a head of its own; the rows of one batch
 * may belong to different tenants. Several threads may use it at the same time.
 */
public final class Trunk implements AutoCloseable {
    private final Bundle bundle;
    private final Base base;
    private final LoadedModel model;
    private final TextEncoder encoder;
    private final List<ValueInfo> inputs;
    private final List<BranchPlace> places;
    private final ConcurrentLinkedQueue<BranchStacks> free = new ConcurrentLinkedQueue<>();

    private Trunk(Bundle bundle, Base base, LoadedModel model) {
        this.bundle = bundle;
        this.base = base;
        this.model = model;
        this.encoder = bundle.encoder();
        this.inputs = model.inputs().stream()
                .filter(input -> !BranchInputs.isBranch(input.name()))
                .toList();
        this.places = model.inputs().stream()
                .filter(input -> input.name().endsWith(Lora.DOWN))
                .map(this::place)
                .toList();
    }

    private BranchPlace place(ValueInfo down) {
        String up = down.name().substring(0, down.name().length() - Lora.DOWN.length()) + Lora.UP;
        ValueInfo out = model.inputs().stream()
                .filter(input -> input.name().equals(up))
                .findFirst()
                .orElseThrow();
        return new BranchPlace(down.name(), up, fixed(down, 1), fixed(out, 2));
    }

    private static int fixed(ValueInfo info, int dimension) {
        Dimension size = info.shape().orElseThrow().get(dimension);
        return Math.toIntExact(((Dimension.Fixed) size).size());
    }

    /**
     * A base with room for the adapters that are given, and for others that stand where those do.
     *
     * @param bundle whose tokenizer reads the texts
     * @param adapters files of the first tenants, which may be none; of other bases too
     * @throws dev.graft.graph.GraphException if the base gives out no features, or branches have no place in it
     */
    public static Trunk open(Bundle bundle, Base base, List<Path> adapters, PredictorSettings settings) {
        List<Selector> where = adapters.stream()
                .map(TenantFile::read)
                .filter(file -> file.baseDigest().equals(base.digest()) && file.branched())
                .map(TenantFile::where)
                .distinct()
                .toList();
        Graph features = base.features();
        Graph graph = where.isEmpty()
                ? features
                : new BranchInputs(Selector.or(where.toArray(Selector[]::new))).apply(features);
        var runtime = new OrtRuntime(
                OrtSettings.DEFAULT.withThreads(settings.threads()).withSpinning(!settings.serving()));
        return new Trunk(bundle, base, runtime.prepare(graph));
    }

    /**
     * The digest of the base that an adapter was made for.
     *
     * @throws InputException if the file is no adapter
     */
    public static String baseOf(Path adapter) {
        return TenantFile.read(adapter).baseDigest();
    }

    /**
     * A tenant of this trunk, ready to answer.
     *
     * @throws InputException if the file is no adapter, was made for another base, or does not fit
     */
    public Tenant tenant(Path file) {
        return new TenantReading(TenantFile.read(file), base, places, width()).tenant();
    }

    private int width() {
        return fixed(model.outputs().get(0), 1);
    }

    /** The bundle whose tokenizer reads the texts. */
    public Bundle bundle() {
        return bundle;
    }

    /** What a tenant says of itself. */
    public TextClassifier classifier(Tenant tenant) {
        return new TenantClassifier(this, tenant);
    }

    List<ValueInfo> inputs() {
        return inputs;
    }

    ValueInfo features() {
        return model.outputs().get(0);
    }

    TextEncoder encoder() {
        return encoder;
    }

    /** The outputs of rows that are computed together, padded to the longest, in their order. */
    List<Outputs> compute(List<Row> batch) {
        List<Encoding> encodings = batch.stream().map(Row::encoding).toList();
        List<Tenant> tenants = batch.stream().map(Row::tenant).toList();
        List<String> names = inputs.stream().map(ValueInfo::name).toList();
        Map<String, Array> given = encoder.collate(encodings, names);
        BranchStacks stacks = Optional.ofNullable(free.poll()).orElseGet(() -> new BranchStacks(places));
        try {
            stacks.put(alone(tenants) ? tenants.subList(0, 1) : tenants, given);
            return outputs(model.run(given).values().iterator().next(), tenants);
        } finally {
            free.add(stacks);
        }
    }

    private static boolean alone(List<Tenant> tenants) {
        return tenants.stream().allMatch(tenant -> tenant == tenants.get(0));
    }

    private static List<Outputs> outputs(Array features, List<Tenant> tenants) {
        FloatBuffer values = features.bytes().asFloatBuffer();
        var outputs = new ArrayList<Outputs>(tenants.size());
        for (Tenant tenant : tenants) {
            float[] row = new float[Math.toIntExact(features.size(1))];
            values.get(row);
            outputs.add(new Outputs(tenant.logits(row), row));
        }
        return outputs;
    }

    /** Two tenants that change nothing, to time batches that mix tenants. */
    List<Tenant> blank(int rank) {
        Tenant[] blank = new Tenant[2];
        Arrays.setAll(
                blank,
                i -> new Tenant(
                        List.of(),
                        places.stream()
                                .map(place -> Optional.of(new Tenant.Branch(
                                        rank,
                                        Array.allocate(4L * place.in() * rank),
                                        Array.allocate(4L * rank * place.out()))))
                                .toList(),
                        new float[0],
                        new float[0]));
        return List.of(blank);
    }

    /** Frees native memory, after what is under way; neither the trunk nor its tenants can be used afterwards. */
    @Override
    public void close() {
        model.close();
        encoder.close();
    }
}
