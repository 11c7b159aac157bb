package dev.graft.data;

import dev.graft.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The flat columns of a Parquet file, a row group in memory at a time; nested and repeated columns are passed over.
 *
 * <p>Numbers and truth values become text, bytes are read as UTF-8.
 */
final class ParquetRows implements RowReader {
    private final Path file;
    private final Findings findings;
    private final ParquetFileReader reader;
    private final MessageType schema;
    private @Nullable RecordReader<Group> records;
    private long left;
    private long number;

    private ParquetRows(Path file, Findings findings, ParquetFileReader reader, MessageType schema) {
        this.file = file;
        this.findings = findings;
        this.reader = reader;
        this.schema = schema;
    }

    static ParquetRows open(Path file, Findings findings) throws IOException {
        return open(file, findings, Runtime.getRuntime().maxMemory() / 4);
    }

    /** @param memory what the pages of a row group may unpack to, in bytes */
    static ParquetRows open(Path file, Findings findings, long memory) throws IOException {
        ParquetFileReader reader =
                ParquetFailure.within(file, () -> ParquetFileReader.open(new LocalInputFile(file), options()));
        try {
            MessageType schema = flat(file, reader.getFooter().getFileMetaData().getSchema());
            ParquetFailure.within(file, () -> {
                new ParquetSizes(file, memory).check(reader.getFooter(), schema);
                return file;
            });
            reader.setRequestedSchema(schema);
            return new ParquetRows(file, findings, reader, schema);
        } catch (RuntimeException failure) {
            reader.close();
            throw failure;
        }
    }

    @Override
    public List<String> columns() {
        return schema.getFields().stream().map(Type::getName).toList();
    }

    @Override
    public @Nullable Row next() throws IOException {
        return ParquetFailure.within(file, this::row).orElse(null);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private Optional<Row> row() throws IOException {
        while (left == 0) {
            PageReadStore group = reader.readNextRowGroup();
            if (group == null) {
                return Optional.empty();
            }
            left = group.getRowCount();
            records =
                    new ColumnIOFactory().getColumnIO(schema).getRecordReader(group, new GroupRecordConverter(schema));
        }
        left--;
        number++;
        Group record = records == null ? null : records.read();
        if (record == null) {
            throw new IOException("row " + number + " is missing");
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < schema.getFieldCount(); i++) {
            values.add(value(record, i));
        }
        return Optional.of(new Row(number, values));
    }

    private String value(Group record, int field) {
        if (record.getFieldRepetitionCount(field) == 0) {
            return "";
        }
        if (schema.getType(field).asPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
            return record.getValueToString(field, 0);
        }
        ByteBuffer bytes = record.getBinary(field, 0).toByteBuffer();
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            if (text.indexOf(0) >= 0) {
                findings.add(number, "column '" + schema.getFieldName(field) + "' holds a NUL");
            }
            return text;
        } catch (CharacterCodingException wrong) {
            findings.add(number, "column '" + schema.getFieldName(field) + "' holds bytes that are not UTF-8");
            return "";
        }
    }

    private static ParquetReadOptions options() {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .build();
    }

    private static MessageType flat(Path file, MessageType schema) {
        List<Type> kept = schema.getFields().stream()
                .filter(type -> type.isPrimitive() && !type.isRepetition(Type.Repetition.REPEATED))
                .toList();
        if (kept.isEmpty()) {
            throw new InputException(file + " has no flat columns; it holds only nested ones");
        }
        return new MessageType(schema.getName(), kept);
    }
}
