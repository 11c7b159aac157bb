package dev.graft.predict;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.data.Encoding;
import dev.graft.data.TextEncoder;
import dev.graft.data.TextPair;
import dev.graft.data.Token;
import dev.graft.graph.Graph;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.OrtRuntime;
import dev.graft.rewrite.FeaturesOutput;
import dev.graft.task.Reading;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A bundle's model and tokenizer in memory, step by step: texts to tokens, one batch of tokens to outputs. Several
 * threads may use it at the same time.
 *
 * <p>{@link Predictor} is the whole of it for programs that only want answers.
 */
public final class TextModel implements TextClassifier, AutoCloseable {
    private static final float[] NONE = {};

    private final Bundle bundle;
    private final Engine.Loaded model;
    private final TextEncoder encoder;
    private final List<String> inputNames;
    private final Reading reading;

    private TextModel(Bundle bundle, Engine.Loaded model, TextEncoder encoder) {
        this.bundle = bundle;
        this.model = model;
        this.encoder = encoder;
        this.reading = bundle.manifest().reading();
        this.inputNames = model.inputs().stream().map(ValueInfo::name).toList();
    }

    /**
     * A bundle's model, its files held to their digests and its outputs to the parity examples.
     *
     * @throws InputException if the folder is no bundle, has been changed, or does not compute what training computed
     */
    public static TextModel open(Path folder, PredictorSettings settings) {
        Bundle bundle = Bundle.unverified(folder);
        CompletableFuture<Void> verified = CompletableFuture.runAsync(bundle::verify);
        CompletableFuture<Engine.Loaded> model =
                CompletableFuture.supplyAsync(() -> settings.engine().load(bundle, settings));
        CompletableFuture<TextEncoder> encoder = CompletableFuture.supplyAsync(bundle::encoder);
        try {
            Background.join(verified);
            var opened = new TextModel(bundle, Background.join(model), Background.join(encoder));
            Replay.check(opened, settings);
            return opened;
        } catch (RuntimeException e) {
            model.thenAccept(Engine.Loaded::close);
            encoder.thenAccept(TextEncoder::close);
            throw e;
        }
    }

    /** A bundle's tokenizer with another graph, which is held to nothing. */
    static TextModel withGraph(Bundle bundle, Graph graph) {
        return new TextModel(bundle, Engine.loaded(new OrtRuntime().prepare(graph)), bundle.encoder());
    }

    /** The bundle that was opened. */
    @Override
    public Bundle bundle() {
        return bundle;
    }

    /** The labels in the order of the logits. */
    @Override
    public List<String> labels() {
        return bundle.manifest().labels();
    }

    @Override
    public Reading reading() {
        return reading;
    }

    /** What the model reads, in its order. */
    @Override
    public List<ValueInfo> inputs() {
        return model.inputs();
    }

    /** What the model computes, in its order: the logits first. */
    @Override
    public List<ValueInfo> outputs() {
        return model.outputs();
    }

    /** Whether {@link Outputs#features} is filled. */
    @Override
    public boolean givesFeatures() {
        return model.outputs().size() > 1 && model.outputs().get(1).name().startsWith(FeaturesOutput.FEATURES);
    }

    /** The highest token id and one. */
    @Override
    public int vocabularySize() {
        return encoder.vocabularySize();
    }

    /** The tokens of texts, in their order. */
    @Override
    public List<Encoding> encode(List<String> texts) {
        return texts.isEmpty() ? List.of() : encoder.encode(texts);
    }

    @Override
    public TextEncoder cuttingStarts() {
        return encoder.cuttingStarts();
    }

    @Override
    public boolean takesPairs() {
        return encoder.separatesPairs(inputNames);
    }

    @Override
    public List<Encoding> encodePairs(List<TextPair> pairs) {
        return pairs.isEmpty() ? List.of() : encoder.encodePairs(pairs);
    }

    @Override
    public List<Token> tokens(String text, boolean special) {
        return encoder.tokens(text, special);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        return encoder.decode(ids, skipSpecial);
    }

    /** The outputs of texts that are computed together, padded to the longest, in their order. */
    public List<Outputs> compute(List<Encoding> batch) {
        Iterator<Array> outputs = model.session()
                .run(encoder.collate(batch, inputNames, model.lengthStep()))
                .values()
                .iterator();
        float[][] logits = rows(outputs.next(), batch.size());
        float[][] features = givesFeatures() ? rows(outputs.next(), batch.size()) : new float[0][];
        var computed = new Outputs[batch.size()];
        Arrays.setAll(computed, i -> new Outputs(logits[i], i < features.length ? features[i] : NONE));
        return List.of(computed);
    }

    /** What the model computes of tensors of one's own. */
    public Map<String, Array> run(Map<String, Array> tensors) {
        return model.session().run(tensors);
    }

    private static float[][] rows(Array output, int count) {
        if (output.type() != ElementType.FLOAT || output.rank() != 2 || output.size(0) != count) {
            throw new InputException("The model's first output is " + output + ", expected is float[" + count
                    + ",labels]; a bundle's model ends in a classifier");
        }
        FloatBuffer values = output.bytes().asFloatBuffer();
        float[][] rows = new float[count][(int) output.size(1)];
        for (float[] row : rows) {
            values.get(row);
        }
        return rows;
    }

    /** Frees native memory, after what is under way; the model cannot be used afterwards. */
    @Override
    public void close() {
        model.close();
        encoder.close();
    }
}
