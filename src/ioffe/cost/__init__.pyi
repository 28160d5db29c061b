"""Public names of the package and where they live; read by type checkers and by `base.lazy`."""

from ioffe.cost.bill import CostItem as CostItem
from ioffe.cost.bill import cost_items as cost_items
from ioffe.cost.costing import Costing as Costing
from ioffe.cost.costing import MaterialPrice as MaterialPrice
from ioffe.cost.costing import UnitPrice as UnitPrice
from ioffe.cost.formulas import composition_price as composition_price
from ioffe.cost.formulas import cost_per_watt as cost_per_watt
from ioffe.cost.formulas import material_cost as material_cost
from ioffe.cost.formulas import performance_cost_ratio as performance_cost_ratio
from ioffe.cost.quantities import COST_QUANTITIES as COST_QUANTITIES
from ioffe.cost.quantities import DeviceCost as DeviceCost
from ioffe.cost.quantities import performance_needed as performance_needed
from ioffe.cost.result import CostResult as CostResult
from ioffe.cost.result import price_device as price_device
