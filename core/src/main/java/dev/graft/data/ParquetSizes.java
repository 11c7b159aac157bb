package dev.graft.data;

import dev.graft.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;

/**
 * Refuses a Parquet file whose pages unpack to more memory than there is, before anything is unpacked.
 *
 * <p>What the footer says is not believed: the header of every page is read, which is what the unpacking goes by.
 */
final class ParquetSizes {
    private final Path file;
    private final long memory;

    ParquetSizes(Path file, long memory) {
        this.file = file;
        this.memory = memory;
    }

    void check(ParquetMetadata footer, MessageType schema) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int group = 0;
            for (BlockMetaData block : footer.getBlocks()) {
                group++;
                long unpacked = 0;
                for (ColumnChunkMetaData column : block.getColumns()) {
                    if (schema.containsPath(column.getPath().toArray())) {
                        refuseUnknown(column.getCodec());
                        unpacked += unpacked(channel, column);
                        refuseBeyond(unpacked, group);
                    }
                }
            }
        }
    }

    private long unpacked(FileChannel channel, ColumnChunkMetaData column) throws IOException {
        long start = column.getStartingPos();
        long end = start + column.getTotalSize();
        if (start < 0 || column.getTotalSize() < 0 || end < start || end > channel.size()) {
            throw new IOException("column " + column.getPath().toDotString() + " lies outside the file");
        }
        long unpacked = 0;
        for (long position = start; position < end; ) {
            Page page = page(channel, position);
            unpacked = Math.addExact(unpacked, page.unpacked());
            position = page.end();
        }
        return unpacked;
    }

    private record Page(long unpacked, long end) {}

    private static Page page(FileChannel channel, long position) throws IOException {
        channel.position(position);
        Counting in = new Counting(new BufferedInputStream(Channels.newInputStream(channel), 256));
        PageHeader header = Util.readPageHeader(in);
        if (header.getCompressed_page_size() < 0 || header.getUncompressed_page_size() < 0) {
            throw new IOException("a page at byte " + position + " has a negative size");
        }
        return new Page(header.getUncompressed_page_size(), position + in.count + header.getCompressed_page_size());
    }

    private void refuseUnknown(CompressionCodecName codec) {
        if (!ParquetCodecs.KNOWN.contains(codec)) {
            throw new InputException(file + " is compressed by " + codec + "; write it with zstd, snappy or gzip");
        }
    }

    private void refuseBeyond(long unpacked, int group) {
        if (unpacked > memory) {
            throw new InputException(file + ": row group " + group + " unpacks to more than " + (memory >> 20)
                    + " MB, a quarter of the memory that Java may use. If the file is to be trusted, write it with smaller"
                    + " row groups, or give Java more memory (-Xmx)");
        }
    }

    /** Counts the bytes that a header takes. */
    private static final class Counting extends InputStream {
        private final InputStream in;
        private long count;

        Counting(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            count += Math.max(read, 0);
            return read;
        }
    }
}
