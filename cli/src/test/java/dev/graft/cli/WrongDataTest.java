package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be wrong with rows, each with its message; a model that is not there ends what is right. */
class WrongDataTest {
    private static final int MANY = 100_000;
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ''                              | rows.csv is empty; a table with a header line was expected
            text,label~                     | rows.csv has no rows, only a header: text, label
            text,label~one,a~two,a~         | rows.csv has one label only, 'a'; a classifier needs two or more
            text,label~one,a~two,b~         | Too few rows to split: of 2 rows with 2 labels, none is left for
            text,label~fine,a~"q ""never,b~ | line 3
            text,label~a "q,a~"open,b~      | line 3: a quote opens here and is never closed; close it
            text,label~a,a~nul \0,b~        | line 3: a NUL byte; the file is not plain text, or was damaged
            text,label~a,a~,b~c,~           | 2 problems in
            text,label~a,a,b~               | line 2: the row has 3 fields, the header 2
            """)
    void brokenTablesAreRefused(String content, String message) throws IOException {
        Files.writeString(
                folder.resolve("rows.csv"),
                content.replace("''", "").replace('~', '\n').replace("\\0", "\0"));
        train("").isRefusedWith(message);
    }

    @Test
    void aMissingColumnIsNamedWithTheNearest() throws IOException {
        Tables.balanced(folder.resolve("rows.csv"));
        train("--label lable").isRefusedWith("no column 'lable' (--label)", "did you mean 'label'?");
    }

    @Test
    void aPackedTableIsRefused() throws IOException {
        Path bomb = Path.of("../core/src/test/resources/data/bomb.parquet");
        Files.copy(bomb, folder.resolve("bomb.parquet"));
        Ran.in(folder, "train @bomb.parquet --output @model")
                .isRefusedWith("bomb.parquet: row group 1 unpacks to more than");
    }

    @Test
    void manyRowsOfOneLabelAreRefusedSoon() throws IOException {
        Tables.write(folder.resolve("rows.csv"), MANY, row -> "text " + row + ",a");
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> train("").isRefusedWith("one label only, 'a'"));
    }

    @Test
    void manyRowsOfOneLabelAndFewOfAnotherAreSplitSoon() throws IOException {
        Tables.write(folder.resolve("rows.csv"), MANY, row -> "text " + row + (row % 33_333 == 0 ? ",b" : ",a"));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> stopsAtTheModel("100000 rows", "2 labels;"));
    }

    @Test
    void aLabelWithOneRowIsWarnedOf() throws IOException {
        Tables.write(
                folder.resolve("rows.csv"),
                41,
                row -> "text " + row + (row == 0 ? ",fish" : row % 2 == 0 ? ",cat" : ",dog"));
        stopsAtTheModel("warning: 1 label has a single row, which is kept for training, so nothing tests it: 'fish'");
    }

    @Test
    void labelsThatDifferByCaseOrBlanksAreWarnedOf() throws IOException {
        Tables.write(
                folder.resolve("rows.csv"),
                40,
                row -> "text " + row + "," + (row % 3 == 0 ? "Cat" : row % 3 == 1 ? "cat" : "d og"));
        stopsAtTheModel("warning: Labels that differ only by case or blanks", "'Cat' (14 rows), 'cat' (13 rows)");
    }

    @Test
    void aTextOfAMegabyteIsNamed() throws IOException {
        String text = "word ".repeat(MEGABYTE / 5 + 1);
        Tables.write(folder.resolve("rows.csv"), 40, row -> (row == 7 ? text : "text") + (row % 2 == 0 ? ",a" : ",b"));
        train("").isRefusedWith("line 9: column 'text' holds 1048580 characters", "shorten or split the text");
    }

    @Test
    void aTextOfHalfAMegabyteIsTaken() throws IOException {
        String text = "word ".repeat(MEGABYTE / 10);
        Tables.write(
                folder.resolve("rows.csv"),
                40,
                row -> (row == 7 ? text : "text " + row) + (row % 2 == 0 ? ",a" : ",b"));
        stopsAtTheModel("40 rows");
    }

    @Test
    void unknownLabelsOfATestFileAreAllReported() throws IOException {
        Tables.balanced(folder.resolve("rows.csv"));
        Files.writeString(folder.resolve("test.csv"), "text,label\nnew,cat\nother,bird\nthird,dogg\n");
        train("--test @test.csv")
                .isRefusedWith(
                        "2 problems in",
                        "line 3: label 'bird' is not among the 2",
                        "line 4: label 'dogg' is not among the 2 that the model knows; did you mean 'dog'?");
    }

    @Test
    void aTestFileThatIsTheTrainingFileIsRefused() throws IOException {
        Tables.balanced(folder.resolve("rows.csv"));
        train("--test @rows.csv")
                .isRefusedWith("has no rows left to train on: all 40 repeat a held-out row", "Is the test file the");
    }

    @Test
    void rowsOfOneTextAreRefused() throws IOException {
        Tables.write(folder.resolve("rows.csv"), 40, row -> "the same" + (row % 2 == 0 ? ",cat" : ",dog"));
        train("").isRefusedWith("has no rows left to train on", "one text in all rows?");
    }

    @Test
    void aHeadNeedsNoRowsToChooseAnEpochBy() throws IOException {
        Tables.write(folder.resolve("rows.csv"), 4, row -> "text " + row + (row % 2 == 0 ? ",cat" : ",dog"));
        Files.writeString(folder.resolve("test.csv"), "text,label\nnew,cat\n");
        String options = "--test @test.csv --model @none.onnx --strategy ";
        train(options + "full")
                .isRefusedWith(
                        "Too few rows to choose an epoch by: of 4 rows, none is left for validation at a share of 0.1",
                        "give 0 to keep the last epoch, or take --strategy head");
        train(options + "auto").isRefusedWith("needs a label with 3 rows", "take --strategy head");
        train(options + "full --validation-share 0").isRefusedWith("none.onnx");
        train(options + "head").isRefusedWith("none.onnx");
        train(options + "few-shot").isRefusedWith("none.onnx");
    }

    @Test
    void thresholdsNeedRowsToBeChosenBy() throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "text,label\none,a;b\ntwo,b\nthree,a;b\nfour,a\n");
        Files.writeString(folder.resolve("test.csv"), "text,label\nnew,a;b\n");
        String options = "--task multi-label --test @test.csv --model @none.onnx --strategy head";
        train(options).isRefusedWith("Too few rows to choose thresholds by: of 4 rows", "give 0 for thresholds of 0.5");
        train(options + " --validation-share 0").isRefusedWith("none.onnx");
    }

    /** The head on the frozen trunk, which every tuned model is held against, could not be solved for after the training. */
    @Test
    void aRowALabelIsTooFewForWhateverIsTrained() throws IOException {
        Tables.write(folder.resolve("rows.csv"), 3, row -> "text " + row + ",label " + "abc".charAt(row));
        String options = "--test-share 0 --validation-share 0 --model @none.onnx --strategy ";
        for (String strategy : List.of("full", "head", "few-shot", "lora", "zero-shot --unlabelled @rows.csv")) {
            train(options + strategy)
                    .isRefusedWith("each of the 3 labels has 1; add rows, or take --strategy zero-shot");
        }
        train(options + "zero-shot").isRefusedWith("none.onnx");
    }

    private void stopsAtTheModel(String... parts) {
        Ran ran = train("--model @none.onnx");
        assertThat(ran.messages()).contains(parts);
        ran.isRefusedWith("none.onnx");
    }

    private Ran train(String options) {
        return Ran.in(folder, ("train @rows.csv --output @model " + options).strip());
    }
}
