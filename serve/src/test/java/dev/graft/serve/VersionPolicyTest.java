package dev.graft.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionPolicyTest {
    private static final List<Long> PRESENT = List.of(1L, 2L, 10L);

    private static List<Long> chosen(String policy) {
        return VersionPolicy.parse(policy).chosen("m", PRESENT);
    }

    @Test
    void eachFormChoosesItsVersions() {
        assertThat(chosen("latest:1")).containsExactly(10L);
        assertThat(chosen("latest:2")).containsExactly(2L, 10L);
        assertThat(chosen("latest:9")).containsExactly(1L, 2L, 10L);
        assertThat(chosen("all")).containsExactly(1L, 2L, 10L);
        assertThat(chosen("specific:10, 1")).containsExactly(1L, 10L);
    }

    @Test
    void aVersionThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> chosen("specific:1,3"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'m' has no version [3]")
                .hasMessageContaining("[1, 2, 10]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "latest:0", "latest:-1", "latest:x", "specific:", "specific:1,,2", "newest"})
    void whatIsNoPolicyIsRefused(String text) {
        assertThatThrownBy(() -> VersionPolicy.parse(text)).isInstanceOf(InputException.class);
    }
}
