/** Tables and files to examples to encoded batches; splits and quality checks. */
@NullMarked
package dev.graft.data;

import org.jspecify.annotations.NullMarked;
