package dev.graft.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table format: names of columns, then rows one after the other. */
interface RowReader extends Closeable {
    List<String> columns();

    /** The next row, whose number of values may be wrong; null at the end. */
    @Nullable
    Row next() throws IOException;
}
