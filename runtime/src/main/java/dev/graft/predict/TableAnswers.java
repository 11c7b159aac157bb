package dev.graft.predict;

import dev.graft.data.Columns;
import dev.graft.data.Row;
import dev.graft.data.RowSource;
import java.io.IOException;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** Answers a table row by row; only the rows that are read and not yet answered are held in memory. */
public final class TableAnswers {
    private TableAnswers() {}

    /**
     * Writes a row for each row of the table, in their order.
     *
     * @param model gives an answer for each text, in their order; it may read texts ahead, on any thread
     * @param progress is told the number of rows after each
     * @return the number of rows
     * @throws dev.graft.InputException once all sound rows are answered, if others are wrong
     */
    public static long write(
            RowSource rows,
            Columns columns,
            Function<Iterator<String>, Iterator<Answer>> model,
            AnswerWriter writer,
            LongConsumer progress)
            throws IOException {
        var texts = new Texts(rows.iterator(), columns.text());
        Iterator<Answer> answers = model.apply(texts);
        long done = 0;
        while (answers.hasNext()) {
            Answer answer = answers.next();
            writer.write(texts.unanswered.remove(), answer);
            progress.accept(++done);
        }
        writer.flush();
        return done;
    }

    /** The texts of rows; those that are read and not yet answered wait in a queue. */
    private static final class Texts implements Iterator<String> {
        private final Iterator<Row> rows;
        private final int column;
        private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();

        Texts(Iterator<Row> rows, int column) {
            this.rows = rows;
            this.column = column;
        }

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public String next() {
            String next = rows.next().values().get(column);
            unanswered.add(next);
            return next;
        }
    }
}
