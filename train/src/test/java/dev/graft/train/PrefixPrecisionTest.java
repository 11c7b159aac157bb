package dev.graft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.ort.OrtRuntime;
import dev.graft.ort.OrtSettings;
import dev.graft.rewrite.Split;
import dev.graft.rewrite.fusion.Fusion;
import dev.graft.run.Runtime;
import dev.graft.run.Session;
import dev.graft.tensor.Array;
import dev.graft.torch.Precision;
import dev.graft.torch.Torch;
import dev.graft.torch.TorchSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a frozen prefix makes of rows in bfloat16 on libtorch, beside float32 on ONNX Runtime. */
class PrefixPrecisionTest {
    /** Of two layers whose every product is rounded to 8 bits; the features are about 1. */
    private static final Offset<Float> ROUNDED = Offset.offset(0.05f);

    private static final TokenRows ROWS = TokenRows.random(120, 1);
    private static final Split SPLIT = Split.below(TinyRun.graph(), Set.of("classifier.weight", "classifier.bias"))
            .orElseThrow();

    @TempDir
    Path folder;

    private static Runtime libtorch(Precision precision) {
        TorchSettings settings = TorchSettings.defaults().withThreads(1).withPrecision(precision);
        return new Torch(settings, Fusion.standard());
    }

    private float[] features(Runtime runtime, String engine, Workers workers) {
        var rows = new DistinctRows(List.of(ROWS), FrozenPrefix.inputs(SPLIT.prefix()));
        var cache = new FeatureCache(folder.resolve("features"), 1 << 20);
        try (Session session = runtime.prepare(SPLIT.prefix())) {
            Features found = new FrozenPrefix(
                            SPLIT.prefix(), engine, () -> session, cache, workers, Listener.NONE, () -> false)
                    .over(rows)
                    .orElseThrow();
            int[] all = IntStream.range(0, rows.size()).toArray();
            List<Array> values = List.copyOf(found.batch(all).values());
            assertThat(values).hasSize(1);
            return values.get(0).floats();
        }
    }

    @Test
    void roundedFeaturesAreCloseToExactOnes() {
        Runtime ort = new OrtRuntime(OrtSettings.DEFAULT.withThreads(1));
        float[] exact = features(ort, "ort", new Workers(2, 256));
        float[] rounded = features(libtorch(Precision.BF16), "bf16", new Workers(2, 256));
        assertThat(rounded).containsExactly(exact, ROUNDED).isNotEqualTo(exact);
    }

    @Test
    void aRowIsTheSameAloneAndPaddedAmongOthers() {
        float[] alone = features(libtorch(Precision.BF16), "alone", new Workers(1, 1));
        float[] together = features(libtorch(Precision.BF16), "together", new Workers(2, 4_096));
        assertThat(together).containsExactly(alone, ROUNDED);
    }

    @Test
    void theSameRowsHaveTheSameFeaturesEachTime() {
        float[] first = features(libtorch(Precision.BF16), "first", new Workers(2, 256));
        assertThat(features(libtorch(Precision.BF16), "second", new Workers(2, 256)))
                .isEqualTo(first);
    }
}
