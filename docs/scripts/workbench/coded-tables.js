"use strict";
{
}
