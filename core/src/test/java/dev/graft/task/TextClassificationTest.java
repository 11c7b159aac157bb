package dev.graft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.data.Example;
import dev.graft.data.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextClassificationTest {
    @TempDir
    Path folder;

    private Table table(String name, String content) throws IOException {
        return Table.read(Files.writeString(folder.resolve(name), content));
    }

    @Test
    void columnsAreFoundByTheirNames() throws IOException {
        TextClassification task = TextClassification.from(table("a.csv", "intent,text\nrefund,my money\nhello,hi\n"));
        assertThat(task.examples()).extracting(Example::text).containsExactly("my money", "hi");
        assertThat(task.examples()).extracting(Example::label).containsExactly("refund", "hello");
    }

    @Test
    void namedColumnsWin() throws IOException {
        TextClassification task = TextClassification.from(table("a.csv", "text,title,label\na,b,c\nd,e,f\n"))
                .labelled("title", "label");
        assertThat(task.examples()).extracting(Example::text).containsExactly("b", "e");
    }

    @Test
    void anotherTableIsReadByTheSameColumns() throws IOException {
        TextClassification task = TextClassification.from(table("a.csv", "text,title,label\na,b,c\nd,e,f\n"))
                .labelled("title", "label");
        assertThat(task.examples(table("b.csv", "label,title\nc,x\n")))
                .singleElement()
                .extracting(Example::text, Example::label)
                .containsExactly("x", "c");
        assertThatThrownBy(() -> task.examples(table("c.csv", "text,label\na,c\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("title");
    }

    @Test
    void theNameIsThatOfTheAnswers() throws IOException {
        Task task = new TextClassification(table("a.csv", "text,label\na,c\n"), Optional.empty(), Optional.empty());
        assertThat(task.name()).isEqualTo("text-classification");
    }
}
