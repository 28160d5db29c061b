"""Many devices at once: which of thousands of materials is the best one for a task.

>>> from ioffe.study.rank import rank_materials
>>> rank_materials(["Bi2Te3", "(CuI)0.003Bi2Te3"], T_hot=450, T_cold=320).material.tolist()
['Bi2Te3', '(CuI)0.003Bi2Te3']
"""
