package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.Digest;
import dev.graft.InputException;
import dev.graft.data.Table;
import dev.graft.task.TextClassification;
import dev.graft.train.FeatureCache;
import dev.graft.train.Graft;
import dev.graft.train.Interrupted;
import dev.graft.train.Member;
import dev.graft.train.Pretraining;
import dev.graft.train.Recipe;
import dev.graft.train.Strategy;
import dev.graft.train.TrainingJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of several parts, stopped in each of them, end bit for bit as runs that were never stopped. */
class StrategyResumeTest {
    @TempDir
    Path folder;

    private TinyModel model;

    @BeforeEach
    void makeTheModel() throws IOException {
        model = TinyModel.in(folder);
    }

    private TrainingJob job(String output, Strategy strategy) throws IOException {
        return Graft.train(TextClassification.from(Table.read(model.rows(60))))
                .model(model.encoder().toString())
                .strategy(strategy)
                .recipe(strategy.recipe().withEpochs(2).withMaxLength(20).withBatchSize(16))
                .featureCache(new FeatureCache(folder.resolve("cache"), 0))
                .threads(1)
                .resume(true)
                .allowNegativeTransfer(true)
                .output(folder.resolve(output));
    }

    /** Stops the run at its first question, then at its second, and so on; returns how often that was. */
    private int stopAndGoOn(TrainingJob job) {
        int stopped = 0;
        while (true) {
            int at = 1 + stopped;
            int[] asked = {0};
            try {
                job.interrupted(() -> ++asked[0] >= at).run();
                return stopped;
            } catch (Interrupted interrupted) {
                stopped++;
                assertThat(stopped).isLessThan(100);
            }
        }
    }

    @Test
    void contrastIsTakenUpWithinAndBetweenItsEpochs() throws IOException {
        job("whole", Strategy.fewShot()).run();
        assertThat(stopAndGoOn(job("stopped", Strategy.fewShot()))).isGreaterThan(3);
        assertThat(digest("stopped")).isEqualTo(digest("whole"));
        assertThat(folder.resolve("stopped.training")).doesNotExist();
    }

    @Test
    void hiddenTokensAreTakenUpWithinAndBetweenTheirEpochs() throws IOException {
        Pretraining texts = Pretraining.on(model.rows(90), 2);
        job("whole", Strategy.head()).pretraining(texts).run();
        assertThat(stopAndGoOn(job("stopped", Strategy.head()).pretraining(texts)))
                .isGreaterThan(3);
        assertThat(digest("stopped")).isEqualTo(digest("whole"));
    }

    @Test
    void anEnsembleGoesOnWithTheMemberThatWasStopped() throws IOException {
        Recipe recipe = Strategy.bitfit().recipe().withEpochs(1).withMaxLength(20);
        List<Member> members =
                List.of(new Member(Strategy.bitfit(), recipe, 42), new Member(Strategy.bitfit(), recipe, 43));
        job("whole", Strategy.bitfit()).ensemble(members).run();
        assertThat(stopAndGoOn(job("stopped", Strategy.bitfit()).ensemble(members)))
                .isGreaterThan(2);
        assertThat(digest("stopped")).isEqualTo(digest("whole"));
        assertThat(folder.resolve("stopped.members")).doesNotExist();
    }

    /** Numbers have no words, so a label's one row stands alone. */
    @Test
    void contrastNeedsTwoRowsOfALabel() throws IOException {
        java.nio.file.Files.writeString(
                folder.resolve("rows-60.csv"), "text,label\nw1 w2,1\nw3 w4,2\nw5 w6,1\nw7 w8,2\n");
        TrainingJob job = Graft.train(TextClassification.from(Table.read(folder.resolve("rows-60.csv"))))
                .model(model.encoder().toString())
                .strategy(Strategy.fewShot())
                .recipe(Strategy.fewShot().recipe().withMaxLength(20))
                .shares(0, 0.5)
                .output(folder.resolve("none"));
        assertThatThrownBy(job::run)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("compares rows of one label with each other");
    }

    @Test
    void aVocabularyIsNeeded() throws IOException {
        java.nio.file.Files.writeString(
                folder.resolve("tokenizer.json"),
                java.nio.file.Files.readString(folder.resolve("tokenizer.json")).replace("[MASK]", "[HIDE]"));
        TrainingJob job = job("none", Strategy.head()).pretraining(Pretraining.on(model.rows(90), 1));
        assertThatThrownBy(job::run)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no mask token, such as [MASK] or <mask>");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private String digest(String output) {
        return Digest.of(folder.resolve(output).resolve("model.onnx"));
    }
}
