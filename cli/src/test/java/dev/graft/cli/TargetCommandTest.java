package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.bundle.Bundle;
import dev.graft.predict.Answer;
import dev.graft.predict.Predictor;
import dev.graft.task.TargetKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several labels, ordered labels and numbers from rows to answers. */
class TargetCommandTest {
    private static final String MODEL =
            " --model @encoder.onnx --output @model --max-length 20 --threads 1" + " --allow-negative-transfer";
    private static final String STEPS = " --epochs 2 --learning-rate 5e-3";
    /** scores.json holds doubles, what evaluate computes comes from another runtime. */
    private static final double RUNTIMES = 1e-3;

    @TempDir
    Path folder;

    @BeforeEach
    void makeRows() throws IOException {
        TinyModel.in(folder);
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("text,tags,level,score,mood"));
        for (int row = 0; row < 120; row++) {
            boolean first = random.nextBoolean();
            boolean second = random.nextInt(3) == 0;
            int level = random.nextInt(4);
            StringBuilder text = new StringBuilder((first ? "w1 " : "") + (second ? "w2 " : "") + "w" + (10 + level));
            for (int i = 0; i < 5; i++) {
                text.append(" w").append(30 + random.nextInt(60));
            }
            String tags = first && second ? "one;two" : first ? "one" : second ? "two" : "";
            lines.add(text + "," + tags + "," + level + "," + (level * 10 + random.nextInt(10) / 10.0)
                    + (first ? ",glad" : ",sad"));
        }
        Files.write(folder.resolve("rows.csv"), lines);
    }

    private Ran train(String line) {
        return Ran.in(folder, "train @rows.csv " + line + MODEL + (line.contains("--strategy head") ? "" : STEPS));
    }

    private Bundle bundle() {
        return Bundle.open(folder.resolve("model"));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @ParameterizedTest
    @CsvSource({
        "--label tags, MULTI_LABEL, full",
        "--label tags, MULTI_LABEL, head",
        "--label tags, MULTI_LABEL, lora",
        "--label tags, MULTI_LABEL, layered",
        "--label tags, MULTI_LABEL, gradual",
        "--label tags, MULTI_LABEL, lp-ft",
        "--label level --task ordinal, ORDINAL, full",
        "--label level --task ordinal, ORDINAL, head",
        "--label level --task ordinal, ORDINAL, lora",
        "--label level --task ordinal, ORDINAL, lp-ft",
        "--label level --task ordinal, ORDINAL, gradual",
        "--label level --task ordinal, ORDINAL, layered",
        "--label score, REGRESSION, full",
        "--label score, REGRESSION, head",
        "--label score, REGRESSION, lora",
        "--label score, REGRESSION, layered",
        "--label score, REGRESSION, gradual",
        "--label score, REGRESSION, lp-ft"
    })
    void everyStrategyMakesABundleThatAnswersAsItWasScored(String options, TargetKind kind, String strategy)
            throws IOException {
        Ran ran = train(options + " --strategy " + strategy);
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        Bundle bundle = bundle();
        assertThat(bundle.manifest().format()).isEqualTo(2);
        assertThat(bundle.manifest().reading().kind()).isEqualTo(kind);
        assertThat(json(bundle.file("config.json")).get("problem_type").asText())
                .isEqualTo(kind.problemType());
        assertThat(bundle.file(Bundle.REPORT)).content().contains("Scores", "Provenance");

        Ran scored = Ran.in(
                folder,
                "evaluate @model @rows.csv --json --label "
                        + (kind == TargetKind.MULTI_LABEL ? "tags" : kind == TargetKind.ORDINAL ? "level" : "score"));
        assertThat(scored.exitCode()).as(scored.messages()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(scored.answer())
                        .at("/scores/rows")
                        .asInt())
                .isEqualTo(120);
        try (Predictor predictor = Predictor.open(bundle.folder())) {
            Answer answer = predictor.predict("w1 w2 w13 w40");
            assertThat(answer.labels()).isSubsetOf(predictor.labels());
            assertThat(answer.all())
                    .hasSize(
                            kind == TargetKind.REGRESSION
                                    ? 0
                                    : predictor.labels().size());
        }
    }

    @Test
    void thresholdsAreKeptAndObeyed() throws IOException {
        train("--label tags --strategy head");
        Bundle bundle = bundle();
        assertThat(bundle.manifest().thresholds()).containsOnlyKeys("one", "two");
        try (Predictor predictor = Predictor.open(bundle.folder())) {
            Answer answer = predictor.predict("w1 w10 w40 w41");
            answer.all()
                    .forEach(each -> assertThat(answer.labels().contains(each.label()))
                            .isEqualTo(each.probability()
                                    >= java.util.Objects.requireNonNull(
                                            bundle.manifest().thresholds().get(each.label()))));
        }
        Ran told = Ran.in(folder, "predict @model --input @rows.csv --output @answers.jsonl");
        assertThat(told.exitCode()).as(told.messages()).isZero();
        JsonNode line = new ObjectMapper()
                .readTree(Files.readAllLines(folder.resolve("answers.jsonl")).get(0));
        assertThat(line.get("labels").isArray()).isTrue();
        assertThat(line.get("probabilities").size()).isEqualTo(2);
        JsonNode printed = answered("w1");
        assertThat(printed.get("all")).hasSize(2);
        assertThat(printed.get("labels").isArray()).isTrue();
        List<String> given = new ArrayList<>();
        printed.get("all").forEach(each -> {
            if (each.get("probability").asDouble()
                    >= java.util.Objects.requireNonNull(
                            bundle.manifest().thresholds().get(each.get("label").asText()))) {
                given.add(each.get("label").asText());
            }
        });
        assertThat(printed.get("labels")).extracting(JsonNode::asText).containsExactlyElementsOf(given);
        assertThat(printed.get("label").asText()).isEqualTo(String.join("; ", given));
    }

    /** What {@code graft predict --json} says of one text. */
    private JsonNode answered(String text) throws IOException {
        Ran ran = Ran.in(folder, "predict @model " + text + " --json");
        assertThat(ran.exitCode()).as(ran.messages()).isZero();
        return new ObjectMapper().readTree(ran.answer()).at("/answers/0");
    }

    @Test
    void aNumberIsAnsweredInItsOwnUnit() throws IOException {
        train("--label score --strategy head");
        Ran scored = Ran.in(folder, "evaluate @model @rows.csv --label score --json");
        double r2 = new ObjectMapper()
                .readTree(scored.answer())
                .at("/scores/r2/value")
                .asDouble();
        Ran told = Ran.in(folder, "predict @model --input @rows.csv --output @answers.csv");
        assertThat(told.exitCode()).as(told.messages()).isZero();
        List<String> answers = Files.readAllLines(folder.resolve("answers.csv"));
        List<String> rows = Files.readAllLines(folder.resolve("rows.csv"));
        assertThat(answers.get(0)).isEqualTo("text,number");
        double mean =
                rows.stream().skip(1).mapToDouble(row -> score(row)).average().orElse(0);
        double off = 0;
        double total = 0;
        for (int i = 1; i < rows.size(); i++) {
            off += Math.pow(score(rows.get(i)) - last(answers.get(i)), 2);
            total += Math.pow(score(rows.get(i)) - mean, 2);
        }
        assertThat(1 - off / total).isCloseTo(r2, within(RUNTIMES));
        Ran printed = Ran.in(folder, "predict @model w13 --json");
        assertThat(new ObjectMapper()
                        .readTree(printed.answer())
                        .at("/numbers/0")
                        .isNumber())
                .isTrue();
    }

    private static double score(String row) {
        return Double.parseDouble(row.split(",")[3]);
    }

    private static double last(String row) {
        return Double.parseDouble(row.substring(row.lastIndexOf(',') + 1));
    }

    @Test
    void theHeadOfOrderedLabelsGivesProbabilitiesOfAll() throws IOException {
        train("--label level --task ordinal --strategy head");
        JsonNode config = json(bundle().file("config.json"));
        JsonNode printed = answered("w13");
        assertThat(printed.get("all")).hasSize(4);
        assertThat(printed.get("label")).isEqualTo(printed.at("/all/0/label"));
        assertThat(printed.get("labels")).hasSize(1);
        double total = 0;
        for (JsonNode each : printed.get("all")) {
            total += each.get("probability").asDouble();
        }
        assertThat(total).isCloseTo(1, within(RUNTIMES));
        assertThat(config.at("/id2label/3").asText()).isEqualTo("3");
        try (Predictor predictor = Predictor.open(folder.resolve("model"))) {
            float[] probabilities = predictor
                    .probabilities(List.of("w10 w40").iterator())
                    .findFirst()
                    .orElseThrow();
            float[] logits =
                    predictor.logits(List.of("w10 w40").iterator()).findFirst().orElseThrow();
            assertThat(probabilities).hasSize(4);
            for (int i = 0; i < 4; i++) {
                assertThat(probabilities[i]).isCloseTo((float) Math.exp(logits[i]), within((float) RUNTIMES));
            }
        }
    }

    @Test
    void aBundleOfOneLabelARowIsOfTheFormatThatItAlwaysWas() throws IOException {
        train("--label level --strategy head");

        assertThat(json(folder.resolve("model/graft.json")).get("format").asInt())
                .isEqualTo(1);
        assertThat(bundle().manifest().reading().kind()).isEqualTo(TargetKind.SINGLE_LABEL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--label tags --strategy zero-shot | --learning-rate, --epochs have no effect with --strategy zero-shot and --task multi-label",
                "--label score --mixup 0.2 | --mixup has no effect with --strategy lp-ft and --task regression",
                "--label tags --class-weight one=2 | --class-weight has no effect with --strategy lp-ft and --task multi-label",
                "--label score --metric-for-best-model accuracy | --metric-for-best-model must be one of loss, r2, mae, rmse, pearson, spearman for --task regression, not 'accuracy'",
                "--label mood --class-weight glat=2 --strategy full | --class-weight names 'glat', which is no label of the data; did you mean 'glad'?; there are glad, sad",
                "--label score --strategy few-shot | --strategy few-shot",
                "--label tags --ensemble 2 | --ensemble",
                "--label score --label-smoothing 0.1 | --label-smoothing",
                "--label tags --strategy lora --save-adapter @adapter | --save-adapter",
                "--label mood --task regression | a finite number was expected, not ",
                "--label mood --task ordinal | name them from the lowest up with --order",
                "--label level --order 0,1,2 | label '3' is not among the 3",
                "--label level --task ordnial | There is no task 'ordnial'",
                "--label score --label-separator ; --task regression | --label-separator goes with"
            })
    void whatATaskCannotTakeIsOneClearError(String wrong) {
        String[] parts = wrong.split("\\|");
        Ran ran = train(parts[0].strip());

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.messages()).contains(parts[1].stripLeading());
        assertThat(folder.resolve("model")).doesNotExist();
    }
}
