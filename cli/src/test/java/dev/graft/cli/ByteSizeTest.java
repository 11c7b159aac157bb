package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @Test
    void unitsArePowersOf1024() {
        assertThat(ByteSize.parse("--memory", "512MB")).isEqualTo(512L << 20);
        assertThat(ByteSize.parse("--memory", "2g")).isEqualTo(2L << 30);
        assertThat(ByteSize.parse("--memory", "3 KiB")).isEqualTo(3L << 10);
        assertThat(ByteSize.parse("--memory", "1000")).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1MB", "much", "1.5GB", "99999999999GB", "12 apples"})
    void whatIsNoSizeIsNamedWithItsOption(String text) {
        assertThatThrownBy(() -> ByteSize.parse("--memory", text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--memory is '" + text + "'")
                .hasMessageContaining("512MB");
    }
}
