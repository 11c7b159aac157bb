package dev.graft.torch;

import java.util.Collection;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;

/** Operators of libtorch that have no Java method, called by the name of their schema. */
public record Dispatched(String name, String overload) {
    /** Calls the operator with all arguments in the order of its schema; the results, or none where it works in place. */
    public IValueVector call(IValue... arguments) {
        OperatorHandle handle = Dispatcher.singleton().findSchemaOrThrow(name, overload);
        var stack = new IValueVector();
        for (IValue argument : arguments) {
            stack.push_back(argument);
        }
        handle.callBoxed(stack);
        return stack;
    }

    /** A list of tensors as an argument. */
    static IValue list(Collection<Tensor> tensors) {
        var list = new GenericList(new Type.TypePtr(TensorType.get()));
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return new IValue(list);
    }
}
