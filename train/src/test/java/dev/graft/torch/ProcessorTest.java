package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessorTest {
    @Test
    void bfloat16IsFastestWhereTheProcessorMultipliesIt() {
        assertThat(new Processor(Set.of("avx2", "avx512f", "avx512_bf16")).fastestPrecision())
                .isEqualTo(Precision.BF16);
        assertThat(new Processor(Set.of("avx2", "amx_bf16")).fastestPrecision()).isEqualTo(Precision.BF16);
        assertThat(new Processor(Set.of("avx2", "fma", "avx512f")).fastestPrecision())
                .isEqualTo(Precision.FP32);
    }

    @Test
    void aProcessorThatTellsNothingComputesInFloat32() {
        assertThat(new Processor(Set.of()).fastestPrecision()).isEqualTo(Precision.FP32);
    }

    @Test
    void thePresentProcessorIsRead() {
        assertThat(Processor.present()).isEqualTo(Processor.present());
    }
}
