package dev.graft.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever a file holds, reading it gives a graph or a {@link GraphException}: no other error, no hang.
 *
 * <p>A graph that comes out of a damaged file must also be written, read again as the same, printed and measured. The
 * system property {@code fuzz.count} sets how many files are tried.
 */
class FuzzTest {
    private static final long SLOWEST_MILLISECONDS = 5000;

    @Test
    @Tag("slow")
    void aDamagedModelGivesAGraphOrAGraphException() throws IOException {
        int count = Integer.getInteger("fuzz.count", 6000);
        long first = Long.getLong("fuzz.seed", 1);
        List<byte[]> corpus = corpus();
        int refused = 0;
        for (long seed = first; seed < first + count; seed++) {
            byte[] original = corpus.get((int) (seed % corpus.size()));
            refused += tried(seed, new Mutation(seed).of(original)) ? 0 : 1;
        }
        System.getLogger("fuzz").log(System.Logger.Level.INFO, "{0} tried, {1} refused", count, refused);
        assertThat(refused).as("refused").isBetween(count / 10, count);
    }

    /** Found with seed 1 of the first run: node metadata that is no text was read again, without a file's name, by Scopes. */
    @Test
    void nodeMetadataThatIsNoTextTellsNoScope() {
        Output entry = RichModel.message().textAlways(1, "namespace").bytes(2, ByteBuffer.wrap(new byte[] {-1}));
        Output node =
                RichModel.message().textAlways(2, "y").textAlways(4, "Relu").message(9, entry);
        Graph graph = read(RichModel.bytes(model(node))).orElseThrow();
        assertThat(Scopes.of(graph).scope(graph.nodes().get(0))).isEmpty();
    }

    /** Found with seed 1846: unknown fields before known ones came back in another order, as another graph. */
    @Test
    void fieldsOutOfOrderComeBackAsTheSameGraph() throws IOException {
        Output node = RichModel.message()
                .textAlways(2, "y")
                .textAlways(4, "Relu")
                .raw(field(14))
                .raw(field(9));
        used(read(RichModel.bytes(model(node))).orElseThrow());
    }

    private static Extras.Field field(int number) {
        return RichModel.message().textAlways(1, "k").asField(number);
    }

    private static Output model(Output node) {
        return RichModel.message().message(7, RichModel.message().message(1, node));
    }

    private static List<byte[]> corpus() throws IOException {
        var corpus = new ArrayList<byte[]>();
        corpus.add(RichModel.bytes());
        corpus.add(RichModel.bytes());
        for (Path model : Models.shared()) {
            if (Files.size(model) < 300_000) {
                corpus.add(Files.readAllBytes(model));
            }
        }
        for (Path model : Models.families()) {
            corpus.add(Files.readAllBytes(model));
        }
        return corpus;
    }

    private static boolean tried(long seed, byte[] bytes) {
        long start = System.nanoTime();
        try {
            Optional<Graph> graph = read(bytes);
            if (graph.isPresent()) {
                used(graph.get());
            }
            return graph.isPresent();
        } catch (RuntimeException | Error | IOException e) {
            return fail("Seed " + seed + " over a model of " + bytes.length + " bytes", e);
        } finally {
            long milliseconds = (System.nanoTime() - start) / 1_000_000;
            assertThat(milliseconds).as("milliseconds that seed %d took", seed).isLessThan(SLOWEST_MILLISECONDS);
        }
    }

    private static Optional<Graph> read(byte[] bytes) {
        try {
            return Optional.of(Onnx.read(ByteBuffer.wrap(bytes), "damaged.onnx"));
        } catch (GraphException e) {
            assertThat(e).hasMessageContaining("damaged.onnx");
            return Optional.empty();
        }
    }

    private static void used(Graph graph) throws IOException {
        var written = new ByteArrayOutputStream();
        ModelWriter.model(graph, Optional.empty()).writeTo(Channels.newChannel(written));
        Graph again = Onnx.read(ByteBuffer.wrap(written.toByteArray()), "again.onnx");
        assertThat(again.equals(graph)).as("comes back the same").isTrue();
        assertThat(graph.toString()).isNotEmpty();
        Sites.of(graph).weights(Selector.norms());
    }
}
