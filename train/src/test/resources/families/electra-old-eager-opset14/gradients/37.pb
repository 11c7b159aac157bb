B'encoder.layer.1.output.LayerNorm.weightJ`"LΣ>c:Ώ;ό>Ω5s>ε›8>λήΎΑ
³ΎλΏ5Π>ΒΎHsϊ>?>Ψ>:Εu?ΑΏAµιΎψL¨ΏoZ‘Ώnσχ>Γ°ΌcΎύ­Ώά`½Ύσ`πΎΩσΌ