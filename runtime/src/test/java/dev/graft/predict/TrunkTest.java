package dev.graft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Parity;
import dev.graft.bundle.RandomAdapter;
import dev.graft.bundle.SmallEncoder;
import dev.graft.data.Encoding;
import dev.graft.graph.Graph;
import dev.graft.graph.NodeSite;
import dev.graft.graph.Sites;
import dev.graft.graph.ValueInfo;
import dev.graft.ort.LoadedModel;
import dev.graft.ort.OrtRuntime;
import dev.graft.tensor.Array;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrunkTest {
    /** The branch is a product of its own here and part of the weight there; both sum in float32. */
    private static final double SUMMED_OTHERWISE = 2e-4;

    private static final PredictorSettings ONE_THREAD = new PredictorSettings(1, 32, true);
    private static final List<String> TEXTS =
            List.of("card", "card lost", "money sent lost", "sent", "lost lost card money sent", "money");

    @TempDir
    Path folder;

    private Bundle small() throws IOException {
        Parity parity = new Parity(1e-3, List.of(Parity.Example.of("card", new int[] {2, 4, 3}, new float[3])));
        return Bundle.open(SmallEncoder.write(folder.resolve("small"), parity));
    }

    private static List<RandomAdapter> several() {
        var adapters = new ArrayList<RandomAdapter>();
        int[] ranks = {1, 2, 3, 4, 6};
        for (int i = 0; i < ranks.length; i++) {
            adapters.add(new RandomAdapter(i, ranks[i], 1 + i, 2 + i, SmallEncoder.MODULES, SmallEncoder.WIDTH));
        }
        adapters.add(new RandomAdapter(90, 2, 4, 3, SmallEncoder.MODULES.subList(1, 2), SmallEncoder.WIDTH));
        adapters.add(new RandomAdapter(91, 1, 1, 4, List.of(), SmallEncoder.WIDTH));
        return adapters;
    }

    private List<Path> written(List<RandomAdapter> adapters, String digest) {
        var files = new ArrayList<Path>();
        for (int i = 0; i < adapters.size(); i++) {
            files.add(folder.resolve("tenant-" + i + ".safetensors"));
            adapters.get(i).write(files.get(i), digest);
        }
        return files;
    }

    private static float[] merged(Graph merged, Trunk trunk, Encoding encoding) {
        try (LoadedModel model = new OrtRuntime().prepare(merged)) {
            List<String> names = model.inputs().stream().map(ValueInfo::name).toList();
            Map<String, Array> given = trunk.encoder().collate(List.of(encoding), names);
            return model.run(given).values().iterator().next().floats();
        }
    }

    private static void assertSame(float[] actual, float[] expected) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within((float) SUMMED_OTHERWISE));
        }
    }

    @Test
    void rowsOfOneBatchAnswerAsTheirTenantsMergedModels() throws IOException {
        Bundle bundle = small();
        Base base = Base.of(bundle);
        List<RandomAdapter> adapters = several();
        List<Path> files = written(adapters, base.digest());
        try (Trunk trunk = Trunk.open(bundle, base, files, ONE_THREAD)) {
            List<Tenant> tenants = files.stream().map(trunk::tenant).toList();
            var random = new Random(5);
            for (int round = 0; round < 20; round++) {
                var rows = new ArrayList<Row>();
                var whose = new ArrayList<Integer>();
                for (int i = 0; i < 1 + random.nextInt(9); i++) {
                    whose.add(random.nextInt(tenants.size()));
                    String text = TEXTS.get(random.nextInt(TEXTS.size()));
                    rows.add(new Row(trunk.encoder().encode(text), tenants.get(whose.get(i))));
                }
                List<Outputs> outputs = trunk.compute(rows);
                for (int i = 0; i < rows.size(); i++) {
                    Graph graph = adapters.get(whose.get(i)).merged(SmallEncoder.graph(), weights(whose.get(i)));
                    assertSame(
                            outputs.get(i).logits(),
                            merged(graph, trunk, rows.get(i).encoding()));
                }
            }
        }
    }

    private static List<String> weights(int tenant) {
        return tenant == 5 ? SmallEncoder.WEIGHTS.subList(1, 2) : SmallEncoder.WEIGHTS;
    }

    @Test
    void aBatchOfOneTenantAnswersAsItsRowsAlone() throws IOException {
        Bundle bundle = small();
        List<Path> files = written(several(), Base.of(bundle).digest());
        try (Trunk trunk = Trunk.open(bundle, Base.of(bundle), files, ONE_THREAD)) {
            Tenant tenant = trunk.tenant(files.get(3));
            List<Row> rows = trunk.encoder().encode(TEXTS).stream()
                    .map(encoding -> new Row(encoding, tenant))
                    .toList();
            List<Outputs> together = trunk.compute(rows);
            for (int i = 0; i < rows.size(); i++) {
                Outputs alone = trunk.compute(rows.subList(i, i + 1)).get(0);
                assertSame(together.get(i).logits(), alone.logits());
                assertSame(together.get(i).features(), alone.features());
            }
        }
    }

    @Test
    void headsAloneNeedNoRoomForBranches() throws IOException {
        Bundle bundle = small();
        var adapter = new RandomAdapter(3, 1, 1, 5, List.of(), SmallEncoder.WIDTH);
        List<Path> files = written(List.of(adapter), Base.of(bundle).digest());
        try (Trunk trunk = Trunk.open(bundle, Base.of(bundle), files, ONE_THREAD)) {
            Tenant tenant = trunk.tenant(files.get(0));
            Encoding encoding = trunk.encoder().encode("card lost");
            float[] logits =
                    trunk.compute(List.of(new Row(encoding, tenant))).get(0).logits();
            assertSame(logits, merged(adapter.merged(SmallEncoder.graph(), List.of()), trunk, encoding));
            assertThat(trunk.classifier(tenant).labels()).isEqualTo(adapter.labels());
            assertThat(tenant.bytes()).isEqualTo(4L * 5 * (SmallEncoder.WIDTH + 1));
        }
    }

    @Test
    void manyThreadsGetTheirOwnAnswers() throws IOException {
        Bundle bundle = small();
        List<Path> files = written(several(), Base.of(bundle).digest());
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try (Trunk trunk = Trunk.open(bundle, Base.of(bundle), files, ONE_THREAD);
                var batcher = new Batcher(trunk, BatcherSettings.DEFAULT, BatchListener.NONE, workers)) {
            List<Tenant> tenants = files.stream().map(trunk::tenant).toList();
            List<Encoding> encodings = trunk.encoder().encode(TEXTS);
            var asked = new ArrayList<Row>();
            var answers = new ArrayList<CompletableFuture<Answered>>();
            for (int i = 0; i < 500; i++) {
                asked.add(new Row(encodings.get(i % TEXTS.size()), tenants.get(i % tenants.size())));
                answers.addAll(batcher.submit(
                        List.of(asked.get(i).encoding()), asked.get(i).tenant(), Terms.NONE));
            }
            for (int i = 0; i < asked.size(); i++) {
                float[] alone = trunk.compute(asked.subList(i, i + 1)).get(0).logits();
                assertSame(answers.get(i).join().outputs().logits(), alone);
            }
        } finally {
            workers.shutdown();
        }
    }

    @Test
    void anAdapterOfAnotherBaseIsRefused() throws IOException {
        Bundle bundle = small();
        Path file = written(several(), "0".repeat(64)).get(0);
        try (Trunk trunk = Trunk.open(bundle, Base.of(bundle), List.of(), ONE_THREAD)) {
            assertThatThrownBy(() -> trunk.tenant(file))
                    .isInstanceOf(InputException.class)
                    .hasMessage(file + " was made for the model small (SHA-256 " + "0".repeat(64)
                            + "), not for the one that is served (SHA-256 "
                            + Base.of(bundle).digest() + ")");
        }
    }

    @Test
    void anAdapterThatStandsWhereTheTrunkHasNoRoomIsRefused() throws IOException {
        Bundle bundle = small();
        Base base = Base.of(bundle);
        Path file = written(several(), base.digest()).get(0);
        try (Trunk trunk = Trunk.open(bundle, base, List.of(), ONE_THREAD)) {
            assertThatThrownBy(() -> trunk.tenant(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("encoder.layer.0.query.lora_A.weight")
                    .hasMessageContaining("start the server again");
        }
    }

    @Test
    void adaptersOfOtherKindsAreRefused() throws IOException {
        Bundle bundle = small();
        Base base = Base.of(bundle);
        Path file = folder.resolve("dora.safetensors");
        RandomAdapter adapter = several().get(0);
        adapter.write(file, base.digest(), "MEAN", "\"peft_type\": \"LORA\", \"use_dora\": true");
        try (Trunk trunk = Trunk.open(bundle, base, List.of(), ONE_THREAD)) {
            assertThatThrownBy(() -> trunk.tenant(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("with DoRA")
                    .hasMessageContaining("serve it merged");
        }
    }

    /** MiniLM as it was pretrained, with adapters beside its queries and values. */
    @Test
    @Tag("slow")
    void tenantsOfAPretrainedModelAnswerAsTheirMergedModels() {
        FixedBundle.write(folder.resolve("fixed"));
        Bundle bundle = Bundle.open(folder.resolve("fixed"));
        Base base = Base.of(bundle);
        Graph graph = bundle.graph();
        List<NodeSite> sites = Sites.of(graph).nodes().stream()
                .filter(site -> site.node().is("MatMul")
                        && graph.weights().containsKey(site.node().input(1))
                        && (site.scope().endsWith("/query") || site.scope().endsWith("/value")))
                .toList();
        List<String> modules = sites.stream()
                .map(site -> site.scope().replaceFirst("^/", "").replace('/', '.'))
                .toList();
        List<String> weights = sites.stream().map(site -> site.node().input(1)).toList();
        List<RandomAdapter> adapters = IntStream.range(0, 4)
                .mapToObj(i -> new RandomAdapter(i, 4 * (i + 1), 0.5, 3 + i, modules, 384))
                .toList();
        List<Path> files = written(adapters, base.digest());
        try (Trunk trunk = Trunk.open(bundle, base, files, ONE_THREAD)) {
            List<Tenant> tenants = files.stream().map(trunk::tenant).toList();
            List<String> texts = List.of("My card has not arrived", "Where is my refund?", "Hello", "I lost my card");
            List<Encoding> encodings = trunk.encoder().encode(texts);
            List<Outputs> outputs = trunk.compute(IntStream.range(0, 4)
                    .mapToObj(i -> new Row(encodings.get(i), tenants.get(i)))
                    .toList());
            assertThat(tenants.get(1).bytes()).isLessThan(2 << 20);
            for (int i = 0; i < 4; i++) {
                Graph merged = adapters.get(i).merged(graph, weights);
                assertSame(outputs.get(i).logits(), merged(merged, trunk, encodings.get(i)));
            }
        }
    }
}
