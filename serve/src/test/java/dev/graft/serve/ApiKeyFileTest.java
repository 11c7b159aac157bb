package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.graft.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ApiKeyFileTest {
    private static final String KEY = "3f9a77b1c0d2e4f6";
    private static final String OTHER = "another-key-of-someone-else";
    /** By sha256sum of coreutils, over the bytes of {@link #KEY}. */
    private static final String DIGEST = "04a9952a917476fe6c11d51c713948fbb62be2b81e3c43f6c94da8363f679144";

    @TempDir
    Path folder;

    private ApiKeys read(String content) throws IOException {
        Path file = folder.resolve("keys.yaml");
        Files.writeString(file, content);
        return new ApiKeyFile(file, 0).read();
    }

    @Test
    void aKeyIsFoundByItselfAlone() throws IOException {
        ApiKeys keys = read("# who may ask\nshop: " + KEY + "\nbatch: " + OTHER + "\n");
        assertThat(keys.find(KEY).orElseThrow().name()).isEqualTo("shop");
        assertThat(keys.find(OTHER).orElseThrow().name()).isEqualTo("batch");
        for (String wrong :
                new String[] {"", "shop", KEY + "x", KEY.substring(1), KEY.toUpperCase(java.util.Locale.ROOT)}) {
            assertThat(keys.find(wrong)).isEmpty();
        }
    }

    @Test
    void aKeyMayBeGivenAsItsDigest() throws IOException {
        ApiKeys keys = read("shop: sha256:" + DIGEST + "\n");
        assertThat(keys.find(KEY)).isPresent();
        assertThat(keys.find("sha256:" + DIGEST)).isEmpty();
    }

    @Test
    void aKeyMayHaveALimitAndAPriorityOfItsOwn() throws IOException {
        ApiKeys keys = read("shop: " + KEY + "\nbatch:\n  key: " + OTHER + "\n  rate-limit: 0.5\n  priority: -5\n");
        assertThat(keys.find(KEY).orElseThrow().bucket()).isEmpty();
        assertThat(keys.find(KEY).orElseThrow().priority()).isEqualTo(10);
        ApiKey batch = keys.find(OTHER).orElseThrow();
        assertThat(batch.priority()).isEqualTo(-5);
        ServiceRequestContext request = ServiceRequestContext.of(HttpRequest.of(HttpMethod.POST, "/predict"));
        assertThat(ApiKey.priority(request, 7)).isEqualTo(7);
        batch.asks(request);
        assertThat(ApiKey.priority(request, 7)).isEqualTo(-5);
        assertThat(ApiKey.priority(request, -9)).isEqualTo(-9);
        TokenBucket bucket = batch.bucket().orElseThrow();
        long now = System.nanoTime();
        assertThat(bucket.take(now)).isZero();
        assertThat(bucket.take(now)).isPositive();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("", "holds no keys"),
                Arguments.of(KEY + "\n" + OTHER, "holds no keys; expected is 'name: key'"),
                Arguments.of("shop: short", "must be 16 characters or more"),
                Arguments.of("shop: \"key of the shop with blanks\"", "without blanks"),
                Arguments.of("shop: 12345678901234567890", "put it into quotes"),
                Arguments.of("shop:", "must be 16 characters or more"),
                Arguments.of("shop: {rate-limit: 5}", "must be a text"),
                Arguments.of("shop: {key: " + KEY + ", rate_limit: 5}", "did you mean 'rate-limit'"),
                Arguments.of("shop: {key: " + KEY + ", rate-limit: -1}", "must be a number from 0"),
                Arguments.of("shop: {key: " + KEY + ", priority: high}", "must be a number from -10 to 10"),
                Arguments.of("a b: " + KEY, "'a b' is no name"),
                Arguments.of("shop: sha256:" + DIGEST.substring(1), "64 hexadecimal digits"),
                Arguments.of("shop: " + KEY + "\nbatch: " + KEY, "'shop' and 'batch' have the same key"),
                Arguments.of("shop: sha256:" + DIGEST + "\nbatch: " + KEY, "have the same key"),
                Arguments.of("shop: " + KEY + "\nshop: " + OTHER, "names someone twice, at or before line"),
                Arguments.of("shop: [" + KEY, "no YAML"),
                Arguments.of("shop: '" + KEY, "no YAML"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongFileIsRefusedWithoutTellingAKey(String content, String part) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("keys.yaml")
                .hasMessageContaining(part)
                .hasMessageNotContaining(KEY)
                .hasMessageNotContaining(OTHER);
    }

    @Test
    void aFileThatIsNotThereOrTooLargeIsNamed() throws IOException {
        Path absent = folder.resolve("absent.yaml");
        assertThatThrownBy(() -> new ApiKeyFile(absent, 0).read()).hasMessageContaining("absent.yaml");
        assertThatThrownBy(() -> read("# " + "x".repeat(1 << 20))).hasMessageContaining("too many");
    }
}
