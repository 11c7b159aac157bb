package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelWordsTest {
    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("labels.txt"), content);
    }

    @ParameterizedTest
    @CsvSource({
        "card_arrival, card arrival",
        "cardArrival, card Arrival",
        "card-arrival/late, card arrival late",
        "reverted_card_payment?, reverted card payment?",
        "card arrival, card arrival",
        "ATM, ATM",
        "__x__, x"
    })
    void theMarksBetweenWordsAreBlanks(String name, String spoken) {
        LabelWords words = LabelWords.of(new LabelSet(List.of(name, "other")), folder);
        assertThat(words.words()).containsEntry(name, spoken);
    }

    @Test
    void aDescriptionStandsInForTheName() throws IOException {
        LabelWords words = LabelWords.read(file("\uFEFFb_1\tthe card was lost\n\n  a_2  \n3\tsomething else\r\n"));
        assertThat(words.words())
                .containsExactly(
                        java.util.Map.entry("b_1", "the card was lost"),
                        java.util.Map.entry("a_2", "a 2"),
                        java.util.Map.entry("3", "something else"));
        assertThat(words.labels().names()).containsExactly("3", "a_2", "b_1");
    }

    @Test
    void everyLabelIsARowToLearnFrom() throws IOException {
        LabelWords words = LabelWords.read(file("lost_card\nlate\tthe card is late\n"));
        assertThat(words.examples())
                .extracting(Example::text, Example::label)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("lost card", "lost_card"),
                        org.assertj.core.groups.Tuple.tuple("the card is late", "late"));
    }

    @Test
    void labelsThatAreNumbersAreRefusedAllAtOnce() throws IOException {
        assertThatThrownBy(() -> LabelWords.read(file("0\n1\n2\n3\n4\n5\n6\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("labels.txt: labels are compared with texts by their words, and of the 7 labels"
                        + " '0', '1', '2', '3', '4' and 2 more have none; describe each");
        assertThatThrownBy(() -> LabelWords.of(new LabelSet(List.of("4", "spam")), folder.resolve("rows.csv")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("of the 2 labels '4' has none");
    }

    @Test
    void onlyWordsAreSpoken() {
        assertThat(LabelWords.spoken(new LabelSet(List.of("0", "spam")), folder))
                .isEmpty();
        assertThat(LabelWords.spoken(new LabelSet(List.of("ham", "spam")), folder))
                .isPresent();
    }

    @Test
    void wrongFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> LabelWords.read(folder.resolve("absent.txt")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("There is no file");
        assertThatThrownBy(() -> LabelWords.read(file("one\n")))
                .hasMessageContaining("names 1 label; a classifier needs");
        assertThatThrownBy(() -> LabelWords.read(file(""))).hasMessageContaining("names 0 labels");
        assertThatThrownBy(() -> LabelWords.read(file("one\ntwo\none\n\tnothing\n")))
                .hasMessageContaining("2 problems in")
                .hasMessageContaining("line 3: the label 'one' is there twice")
                .hasMessageContaining("line 4: a description without a label");
        Files.write(folder.resolve("bytes.txt"), "a\nb\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> LabelWords.read(folder.resolve("bytes.txt")))
                .hasMessageContaining("line 2: byte 0xE9 is not UTF-8");
    }
}
