package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import dev.graft.tensor.Array;
import dev.graft.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() {
        var arrays = new LinkedHashMap<String, Array>();
        arrays.put("z", Array.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        arrays.put("a", Array.of(new long[] {7}));
        arrays.put("empty", Array.of(new float[0], 0, 5));
        arrays.put("flags", Array.of(new boolean[] {true, false, true}, 3));
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, arrays, Map.of("step", "12"));
        Safetensors read = Safetensors.read(file);
        assertThat(read.arrays()).isEqualTo(arrays);
        assertThat(List.copyOf(read.arrays().keySet())).containsExactly("z", "a", "empty", "flags");
        assertThat(read.metadata()).isEqualTo(Map.of("step", "12"));
        assertThat(read.arrays().values())
                .as("mapped")
                .allMatch(array -> array.bytes().isDirect());
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FLOAT",
                "DOUBLE",
                "FLOAT16",
                "BFLOAT16",
                "INT8",
                "INT16",
                "INT32",
                "INT64",
                "UINT8",
                "UINT16",
                "UINT32",
                "UINT64",
                "BOOL"
            })
    void everyTypeKeepsItsBits(ElementType type) {
        byte[] bits = new byte[(int) type.bytes(5)];
        new Random(type.code()).nextBytes(bits);
        Array array = Array.of(type, new long[] {5}, ByteBuffer.wrap(bits));
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", array), Map.of());
        assertThat(Safetensors.read(file).arrays()).containsEntry("a", array);
    }

    /** Written by the safetensors package of Python: {@code save_file({"w": [[1,2],[3,4]] f32, "n": [5] i64})}. */
    @Test
    void aFileOfPythonIsRead() throws IOException {
        String header = "{\"__metadata__\":{\"format\":\"pt\"},\"n\":{\"dtype\":\"I64\",\"shape\":[1],"
                + "\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[8,24]}}";
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        data.putLong(5).putFloat(1).putFloat(2).putFloat(3).putFloat(4);
        Safetensors read = Safetensors.read(file(header, data.array()));
        assertThat(read.arrays().get("n")).isEqualTo(Array.of(new long[] {5}, 1));
        assertThat(read.arrays().get("w")).isEqualTo(Array.of(new float[] {1, 2, 3, 4}, 2, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"a\":1}",
                "{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            })
    void aHeaderThatLiesIsRefused(String header) throws IOException {
        Path file = file(header, new byte[8]);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x.safetensors");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 1 << 20, Long.MAX_VALUE, Long.MIN_VALUE})
    void aHeaderLengthThatLiesIsRefusedBeforeAnythingIsAllocated(long length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(length);
        Path file = Files.write(folder.resolve("x.safetensors"), content.array());
        assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(InputException.class);
    }

    @Test
    void aCutFileIsRefused() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Map.of("a", Array.of(new float[1000], 1000)), Map.of());
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 8, 20, 100, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.safetensors"), java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(cut)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void dataIsAlignedToEightBytes() throws IOException {
        for (String name : List.of("a", "ab", "abc", "ä")) {
            Path file = folder.resolve("x.safetensors");
            Safetensors.write(file, Map.of(name, Array.of(new double[] {1}, 1)), Map.of());
            long header = ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            assertThat(header % 8).isZero();
        }
    }

    @Test
    void aTypeWithoutAPlaceInTheFormatIsRefused() {
        Array strings = Array.ofStrings(List.of("a"), 1);
        assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), Map.of("a", strings), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(json.length).put(json).put(data);
        return Files.write(folder.resolve("x.safetensors"), content.array());
    }
}
