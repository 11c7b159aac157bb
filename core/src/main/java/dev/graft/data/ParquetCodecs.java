package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;

/** Unpacking of pages: gzip by the JDK, as its Hadoop codec is not there, and the others by the Parquet library. */
final class ParquetCodecs implements CompressionCodecFactory {
    static final Set<CompressionCodecName> KNOWN = Set.of(
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW);

    private final CompressionCodecFactory others = HadoopCodecs.newFactory(0);

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        return name == CompressionCodecName.GZIP ? new Gzip() : others.getDecompressor(name);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        return others.getCompressor(name);
    }

    @Override
    public void release() {
        others.release();
    }

    /** Unpacks exactly the size that the page states, whatever the stream would give. */
    private static final class Gzip implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int unpackedSize) throws IOException {
            return BytesInput.from(unpack(bytes.toInputStream(), unpackedSize));
        }

        @Override
        public void decompress(ByteBuffer input, int packedSize, ByteBuffer output, int unpackedSize)
                throws IOException {
            ByteBuffer packed = input.slice().limit(packedSize);
            output.put(unpack(BytesInput.from(packed).toInputStream(), unpackedSize));
            input.position(input.position() + packedSize);
        }

        private static byte[] unpack(InputStream packed, int size) throws IOException {
            try (GZIPInputStream in = new GZIPInputStream(packed)) {
                byte[] unpacked = in.readNBytes(size);
                if (unpacked.length < size) {
                    throw new IOException("a page ends after " + unpacked.length + " of " + size + " bytes");
                }
                return unpacked;
            }
        }

        @Override
        public void release() {
            // Nothing is held.
        }
    }
}
